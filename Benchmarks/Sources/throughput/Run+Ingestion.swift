import UsageLedger

extension Run {
    private static let slices = 10
    /// Events that are made before any of them is recorded: a bound on what the harness holds in memory, some 350 bytes an
    /// event, and enough for the beginning and the end of such a stretch not to count.
    private static let eventsAtOnce = 240_000

    /// What a part of the ingestion took, making the events left out.
    private struct Pace {
        var events = 0
        var seconds = 0.0
        /// Of processors, all threads together.
        var processorSeconds = 0.0

        var eventsPerSecond: Double { Double(events) / seconds }
    }

    /// Records the work-load in slices, between which all that is compared records as many slices of its own.
    func ingest(_ found: inout Measurements) async throws {
        let rivals = try await rivals()
        defer { rivals.close() }
        found.harnessMegabytes = await megabytesOfBatches()
        var source = source(seed: 2)
        var ledger = try await Ledger.open(at: ledgerPath, options: options)
        try await setBudgets(ledger)
        let perSlice = conditions.events / Self.slices
        for slice in 0..<Self.slices {
            progress("ingestion, slice \(slice + 1) of \(Self.slices)")
            var early = Pace()
            if slice == 0 {
                // Reports of a hundredth of the events, on a ledger opened anew, as those of all of them later.
                early = try await record(conditions.events / 100, from: &source, into: ledger)
                try await ledger.close()
                ledger = try await Ledger.open(at: ledgerPath, options: options)
                found.earlyEvents = early.events
                found.earlyReports = try reports(ledger)
            }
            let rest = try await record(perSlice - early.events, from: &source, into: ledger)
            // The first commits meet every name for the first time: where the slice goes on, they are left out.
            let pace = rest.events > 0 ? rest : early
            found.ledgerSlices.append(pace.eventsPerSecond)
            found.processorMicroseconds.append(pace.processorSeconds * 1e6 / Double(pace.events))
            found.note(rivals: try rivals.slice(of: Self.slices))
        }
        try await ledger.close()
        found.generatorEventsPerSecond = source.eventsPerSecond
        found.peakMegabytes = memory.peakMegabytes
    }

    private var batchesAtOnce: Int { max(conditions.tasks, Self.eventsAtOnce / conditions.batch) }

    private func setBudgets(_ ledger: Ledger) async throws {
        try await ledger.set(Budget(agent: nil, period: .monthly, amount: 1_000_000))
        for number in 0..<10 {
            try await ledger.set(Budget(agent: AgentID("agent-\(number)"), period: .daily, amount: 1))
        }
    }

    /// Records at least `count` events in whole batches, several of them at a time; making them is not counted.
    private func record(
        _ count: Int, from source: inout EventSource, into ledger: Ledger
    ) async throws -> Pace {
        memory.watch()
        defer { memory.pause() }
        var pace = Pace()
        while pace.events < count {
            let wanted = (count - pace.events + conditions.batch - 1) / conditions.batch
            let batches = await source.batches(min(batchesAtOnce, wanted), of: conditions.batch)
            let started = Self.clock.now
            let used = Machine.processSeconds
            try await record(batches, into: ledger)
            pace.processorSeconds += Machine.processSeconds - used
            pace.seconds += (Self.clock.now - started).seconds
            pace.events += batches.count * conditions.batch
            progress.tell(pace.events, of: count)
        }
        return pace
    }

    /// What this process holds of its own before there is a ledger, with as many batches as it ever has.
    private func megabytesOfBatches() async -> Int {
        var source = source(seed: 2)
        let batches = await source.batches(batchesAtOnce, of: conditions.batch)
        return withExtendedLifetime(batches) { Machine.anonymousMegabytes }
    }

    /// Records batches, from as many tasks as the conditions say.
    func record(_ batches: [[UsageEvent]], into ledger: Ledger) async throws {
        let tasks = conditions.tasks
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: batches.count, by: tasks) {
                        try await ledger.record(batches[index])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private func rivals() async throws -> Rivals {
        let batches = conditions.compared / conditions.batch
        guard batches > 0 else { return Rivals(batches: 0, batchSize: conditions.batch, source: source(seed: 3)) }
        // First of all, since it may not be there.
        let postgres = try postgres.map { try PostgreSQLLedger(at: $0, directory: directory) }
        progress("the log that the floor copies")
        // The log of a ledger of its own, made by the same events, commit by commit.
        let path = directory + "/floor-source"
        let ledger = try await Ledger.open(at: path, options: options)
        var load = source(seed: 1)
        for _ in 0..<batches { try await ledger.record(load.batch(conditions.batch)) }
        try await ledger.close()
        let rivals = Rivals(batches: batches, batchSize: conditions.batch, source: source(seed: 3))
        rivals.floor = (try SegmentReader(of: path), try RawLMDB(at: directory + "/raw"))
        rivals.sqlite = try SQLiteLedger(at: directory + "/sqlite.db")
        rivals.postgres = postgres
        return rivals
    }
}
