import Foundation
import Histogram
import UsageLedger

/// One run: what is compared takes turns, slice by slice, so that ratios hold on a machine that others use as well.
struct Run {
    let conditions: Conditions
    /// Of how many events the floor and SQLite take part; the ledger goes on alone.
    let comparedEvents: Int
    let directory: String

    private static let slices = 10
    private static let clock = ContinuousClock()

    /// When the run began: the events end about there, so that reports of the present month have something to add up.
    let now = Timestamp.now

    private var options: Ledger.Options { Ledger.Options(rateCard: WorkLoad.rateCard) }

    private func workLoad(seed: UInt64) -> WorkLoad {
        let seconds = Int64(conditions.events / 100) + 3600
        return WorkLoad(
            agents: conditions.agents, ids: conditions.ids, start: now.adding(seconds: -seconds), seed: seed)
    }

    func measure(progress: (String) -> Void) async throws -> Measurements {
        var found = Measurements()
        progress("writing the log that the floor copies")
        let commits = try await floorCommits()
        try await ingest(commits, &found, progress)
        progress("opening")
        let started = Self.clock.now
        let ledger = try await Ledger.open(at: directory + "/ledger", options: options)
        found.openMilliseconds = (Self.clock.now - started).seconds * 1000
        progress("single events")
        try await single(ledger, &found)
        progress("concurrent events")
        try await concurrent(ledger, &found)
        progress("reports")
        try reports(ledger, &found)
        let statistics = try ledger.statistics()
        found.events = statistics.events
        found.sizes = statistics.parts.map { part in
            let kind = part.name == "log" ? "log" : part.name.hasPrefix("event-id") ? "ids" : "views"
            return (kind, part.bytes)
        }
        progress("replay")
        let replay = try ledger.replay()
        found.replay = Measurements.Fold(
            seconds: replay.seconds, eventsPerSecond: Double(replay.events) / replay.seconds)
        progress("verify")
        let verifying = Self.clock.now
        let verification = try ledger.verify()
        let seconds = (Self.clock.now - verifying).seconds
        guard verification.isOK else { throw Failure("the ledger does not verify: \(verification)") }
        found.verify = Measurements.Fold(
            seconds: seconds, eventsPerSecond: Double(verification.events) / seconds)
        found.note(memory: Machine.anonymousMegabytes)
        try await ledger.close()
        return found
    }

    struct Failure: Error, CustomStringConvertible {
        var description: String
        init(_ description: String) { self.description = description }
    }

    // MARK: Ingestion

    /// The log of a ledger of its own, made by the same events, commit by commit.
    private func floorCommits() async throws -> [[RawLMDB.Row]] {
        let path = directory + "/floor-source"
        let ledger = try await Ledger.open(at: path, options: options)
        var load = workLoad(seed: 1)
        for _ in 0..<(comparedEvents / conditions.batch) { try await ledger.record(load.batch(conditions.batch)) }
        try await ledger.close()
        // The first commit holds the rate card.
        return Array(try Segments.read(of: path).dropFirst())
    }

    private func ingest(
        _ commits: [[RawLMDB.Row]], _ found: inout Measurements, _ progress: (String) -> Void
    ) async throws {
        let ledger = try await Ledger.open(at: directory + "/ledger", options: options)
        try await ledger.set(Budget(agent: nil, period: .monthly, amount: 1_000_000))
        for number in 0..<10 {
            try await ledger.set(Budget(agent: AgentID("agent-\(number)"), period: .daily, amount: 1))
        }
        let raw = try RawLMDB(at: directory + "/raw")
        let sqlite = try SQLiteLedger(at: directory + "/sqlite.db")
        var load = workLoad(seed: 2)
        var other = workLoad(seed: 3)
        let perSlice = conditions.events / Self.slices
        let comparedPerSlice = comparedEvents / Self.slices
        for slice in 0..<Self.slices {
            progress("ingestion, slice \(slice + 1) of \(Self.slices)")
            found.ledgerSlices.append(try await record(perSlice, from: &load, into: ledger))
            found.note(memory: Machine.anonymousMegabytes)
            let own = commits[
                (slice * commits.count / Self.slices)..<((slice + 1) * commits.count / Self.slices)]
            let started = Self.clock.now
            for rows in own { try raw.commit(rows) }
            found.rawSlices.append(Double(own.count * conditions.batch) / (Self.clock.now - started).seconds)
            var seconds = 0.0
            for _ in 0..<(comparedPerSlice / conditions.batch) {
                let batch = other.batch(conditions.batch)
                let started = Self.clock.now
                try sqlite.record(batch, WorkLoad.rateCard)
                seconds += (Self.clock.now - started).seconds
            }
            found.sqliteSlices.append(Double(comparedPerSlice / conditions.batch * conditions.batch) / seconds)
        }
        try await ledger.close()
    }

    /// Records events, several batches at a time; making them is not counted.
    ///
    /// - Returns: events each second.
    private func record(_ count: Int, from load: inout WorkLoad, into ledger: Ledger) async throws -> Double {
        var seconds = 0.0
        var done = 0
        while done < count {
            let batches = (0..<(4 * conditions.tasks)).map { _ in load.batch(conditions.batch) }
            let started = Self.clock.now
            try await withThrowingTaskGroup(of: Void.self) { group in
                for task in 0..<conditions.tasks {
                    group.addTask {
                        for index in stride(from: task, to: batches.count, by: conditions.tasks) {
                            try await ledger.record(batches[index])
                        }
                    }
                }
                try await group.waitForAll()
            }
            seconds += (Self.clock.now - started).seconds
            done += batches.count * conditions.batch
        }
        return Double(done) / seconds
    }

    // MARK: Latencies

    /// Single events, in turn with bare commits of as many bytes.
    private func single(_ ledger: Ledger, _ found: inout Measurements) async throws {
        let raw = try RawLMDB(at: directory + "/bare")
        var load = workLoad(seed: 4)
        var latencies = Histogram<UInt64>()
        var bare = Histogram<UInt64>()
        for number in 0..<1000 {
            let event = load.batch(1)[0]
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
        found.single = Measurements.Latency(latencies)
        found.bareCommit = Measurements.Latency(bare)
    }

    private func concurrent(_ ledger: Ledger, _ found: inout Measurements) async throws {
        let tasks = 64
        var load = workLoad(seed: 5)
        let events = load.batch(tasks * 250)
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

    private func reports(_ ledger: Ledger, _ found: inout Measurements) throws {
        var random = SplitMix(state: 6)
        var overview = Histogram<UInt64>()
        var month = Histogram<UInt64>()
        let today = TimeZoneRules.utc.day(of: now)
        let days = today.advanced(by: -29)...today
        for _ in 0..<1000 {
            let agent = AgentID("agent-\(random.next() % UInt64(conditions.agents))")
            var started = Self.clock.now
            _ = try ledger.overview(agent: agent, period: .month)
            overview.record((Self.clock.now - started).nanoseconds)
            started = Self.clock.now
            _ = try ledger.report(UsageQuery(agent: agent, days: days, groupedBy: .day))
            month.record((Self.clock.now - started).nanoseconds)
        }
        found.overview = Measurements.Latency(overview)
        found.monthByDay = Measurements.Latency(month)
    }
}

extension Measurements {
    mutating func note(memory megabytes: Int) { peakMegabytes = max(peakMegabytes, megabytes) }
}

extension Duration {
    var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    var nanoseconds: UInt64 { UInt64(max(0, seconds * 1e9)) }
}
