import Histogram
import UsageLedger

extension Run {
    /// Single events, in turn with bare commits of as many bytes.
    func single(_ ledger: Ledger, _ found: inout Measurements) async throws {
        let raw = try RawLMDB(at: directory + "/bare")
        var source = source(seed: 4)
        var latencies = Histogram<UInt64>()
        var bare = Histogram<UInt64>()
        for number in 0..<2000 {
            let event = source.next()
            var started = Self.clock.now
            try await ledger.record(event)
            latencies.record((Self.clock.now - started).nanoseconds)
            let key = withUnsafeBytes(of: UInt64(number).bigEndian) { Array($0) }
            // A segment of one event: 40 bytes of header and some 45 of entry.
            let row = RawLMDB.Row(key: key, value: [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 85))
            started = Self.clock.now
            try raw.commit([row])
            bare.record((Self.clock.now - started).nanoseconds)
        }
        found.single = Latency(latencies)
        found.bareCommit = Latency(bare)
    }

    /// Many tasks, each of which waits for one event of its own after the other.
    func concurrent(_ ledger: Ledger, _ found: inout Measurements) async throws {
        let tasks = 64
        var source = source(seed: 5)
        let events = source.batch(tasks * 500)
        let started = Self.clock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask {
                    for index in stride(from: task, to: events.count, by: tasks) {
                        try await ledger.record(events[index])
                    }
                }
            }
            try await group.waitForAll()
        }
        found.concurrentTasks = tasks
        found.concurrentEventsPerSecond = Double(events.count) / (Self.clock.now - started).seconds
    }

    /// Single events while another task records enough small batches for the views to be stored several times: what a
    /// caller waits at most.
    func singleWhileIngesting(_ ledger: Ledger, _ found: inout Measurements) async throws {
        let batch = min(conditions.batch, 1000)
        let count = min(conditions.events, 4 * options.flushEntries + batch)
        let signal = IngestionSignal()
        var source = source(seed: 7)
        let singles = self.source(seed: 8)
        found.singleWhileIngesting = try await withThrowingTaskGroup(of: Latency?.self) { group in
            group.addTask {
                var singles = singles
                var latencies = Histogram<UInt64>()
                while !signal.isDone {
                    let event = singles.next()
                    let counts = signal.isRecording
                    let started = Self.clock.now
                    try await ledger.record(event)
                    if counts { latencies.record((Self.clock.now - started).nanoseconds) }
                }
                return Latency(latencies)
            }
            do {
                defer { signal.end() }
                var done = 0
                while done < count {
                    let batches = await source.batches(20, of: batch)
                    signal.isRecording = true
                    for batch in batches { try await ledger.record(batch) }
                    signal.isRecording = false
                    done += batches.count * batch
                }
            }
            return try await group.next() ?? nil
        }
        found.ingestedBeside = (batch, count)
    }

    /// Reports of agents at random, until there are enough of them or it takes too long.
    func reports(_ ledger: Ledger) throws -> Measurements.Reports {
        var random = SplitMix(state: 6)
        var overview = Histogram<UInt64>()
        var processor = Histogram<UInt64>()
        var month = Histogram<UInt64>()
        let today = TimeZoneRules.utc.day(of: now)
        let days = today.advanced(by: -29)...today
        let start = Self.clock.now
        for _ in 0..<5000 where Self.clock.now - start < .seconds(10) {
            let agent = AgentID("agent-\(random.next() % UInt64(conditions.agents))")
            var started = Self.clock.now
            let used = Machine.threadNanoseconds
            _ = try ledger.overview(agent: agent, period: .month)
            processor.record(Machine.threadNanoseconds - used)
            overview.record((Self.clock.now - started).nanoseconds)
            started = Self.clock.now
            _ = try ledger.report(UsageQuery(agent: agent, days: days, groupedBy: .day))
            month.record((Self.clock.now - started).nanoseconds)
        }
        return Measurements.Reports(
            overview: Latency(overview), overviewProcessor: Latency(processor), monthByDay: Latency(month))
    }
}
