/// What a run found.
struct Measurements {
    struct Fold {
        var seconds: Double
        var eventsPerSecond: Double
        /// Of processors, for each event.
        var processorMicroseconds: Double
    }

    struct Reports {
        var overview: Latency
        /// Of the processor alone, which hardly depends on what else the machine does.
        var overviewProcessor: Latency
        var monthByDay: Latency
    }

    /// Events each second, slice by slice.
    var ledgerSlices: [Double] = []
    /// Of processors, for each event, slice by slice: hardly depends on what else the machine does.
    var processorMicroseconds: [Double] = []
    var rawSlices: [Double] = []
    var sqliteSlices: [Double] = []
    var postgresSlices: [Double] = []
    /// How fast the work-load itself is made, which is not part of what is measured.
    var generatorEventsPerSecond: Double?
    var single: Latency?
    var bareCommit: Latency?
    var singleWhileIngesting: Latency?
    /// What was ingested beside the single events.
    var ingestedBeside = (batch: 0, events: 0)
    var concurrentTasks = 0
    var concurrentEventsPerSecond = 0.0
    /// After how many events the early reports were made.
    var earlyEvents = 0
    var earlyReports: Reports?
    var reports: Reports?
    var replay: Fold?
    var verify: Fold?
    var imports: [FileImport] = []
    var coldOpenMilliseconds = 0.0
    var warmOpenMilliseconds = 0.0
    var sizes: [(part: String, bytes: Int)] = []
    /// While ingesting, the harness with the batches it holds included, and whatever is compared.
    var peakMegabytes = 0
    /// Of them, what the harness held before there was a ledger.
    var harnessMegabytes = 0
    var events = 0

    mutating func note(rivals slice: Rivals.Slice) {
        if let raw = slice.raw { rawSlices.append(raw) }
        if let sqlite = slice.sqlite { sqliteSlices.append(sqlite) }
        if let postgres = slice.postgres { postgresSlices.append(postgres) }
    }

    /// The middle of the ratios of slices that were taken in turn, which a disturbance of one of them does not move.
    private static func ratio(_ these: [Double], to those: [Double]) -> Double? {
        let ratios = zip(these, those).map { $0 / $1 }.sorted()
        return ratios.isEmpty ? nil : ratios[ratios.count / 2]
    }

    private static func middle(_ values: [Double]) -> Double { values.isEmpty ? 0 : values.sorted()[values.count / 2] }

    /// Slices are equally long, so that the whole is their harmonic mean.
    private static func whole(_ slices: [Double]) -> Double? {
        slices.isEmpty ? nil : Double(slices.count) / slices.reduce(0) { $0 + 1 / $1 }
    }

    var processorMicrosecondsPerEvent: Double {
        processorMicroseconds.reduce(0, +) / Double(max(processorMicroseconds.count, 1))
    }

    var eventsPerSecond: Double { Self.whole(ledgerSlices) ?? 0 }
    var rawEventsPerSecond: Double? { Self.whole(rawSlices) }
    var sqliteEventsPerSecond: Double? { Self.whole(sqliteSlices) }
    var postgresEventsPerSecond: Double? { Self.whole(postgresSlices) }

    var ratioToRawLMDB: Double? { Self.ratio(ledgerSlices, to: rawSlices) }
    var ratioToSQLite: Double? { Self.ratio(ledgerSlices, to: sqliteSlices) }
    var ratioToPostgreSQL: Double? { Self.ratio(ledgerSlices, to: postgresSlices) }

    var lastTenthOverFirstTenth: Double? {
        guard ledgerSlices.count >= 10 else { return nil }
        let tenth = ledgerSlices.count / 10
        return Self.middle(Array(ledgerSlices.suffix(tenth))) / Self.middle(Array(ledgerSlices.prefix(tenth)))
    }

    var ratioToBareCommit: Double? {
        guard let single, let bareCommit else { return nil }
        return single.p50Microseconds / bareCommit.p50Microseconds
    }

    /// The overview's p99 after all events to that after a hundredth of them.
    var ratioToEarlyOverview: Double? {
        guard let reports, let earlyReports else { return nil }
        return reports.overview.p99Microseconds / earlyReports.overview.p99Microseconds
    }

    /// The same of the processor alone.
    var ratioToEarlyOverviewProcessor: Double? {
        guard let reports, let earlyReports else { return nil }
        return reports.overviewProcessor.p99Microseconds / earlyReports.overviewProcessor.p99Microseconds
    }

    func bytesPerEvent(_ part: String) -> Double {
        Double(sizes.filter { $0.part == part }.reduce(0) { $0 + $1.bytes }) / Double(max(events, 1))
    }

    var bytesPerEvent: Double { Double(sizes.reduce(0) { $0 + $1.bytes }) / Double(max(events, 1)) }
}
