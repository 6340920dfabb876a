import Foundation
import Histogram
import UsageLedger

/// One run: what is compared takes turns, slice by slice, so that ratios hold on a machine that others use as well.
struct Run {
    let conditions: Conditions
    let directory: String
    /// Where PostgreSQL is, for it to take part.
    var postgres: String?
    /// The `usage-ledger` program to import with.
    var importer: String?

    let progress = Progress()
    let memory = MemorySampler()
    static let clock = ContinuousClock()

    /// When the run began: the events end about there, so that reports of the present month have something to add up.
    let now = Timestamp.now

    var options: Ledger.Options { Ledger.Options(rateCard: WorkLoad.rateCard) }
    var ledgerPath: String { directory + "/ledger" }

    /// Work-loads of different seeds have no id in common.
    func source(seed: UInt64) -> EventSource {
        let milliseconds = Int64(conditions.events) * WorkLoad.intervalMilliseconds
        return EventSource(
            WorkLoad(
                agents: conditions.agents, ids: conditions.ids, start: now.adding(seconds: -milliseconds / 1000 - 3600),
                seed: seed))
    }

    func measure() async throws -> Measurements {
        defer {
            memory.end()
            progress.finish()
        }
        var found = Measurements()
        try await ingest(&found)
        let ledger = try await open(&found)
        progress("reports")
        found.reports = try reports(ledger)
        try sizes(ledger, &found)
        progress("single events")
        try await single(ledger, &found)
        progress("concurrent events")
        try await concurrent(ledger, &found)
        progress("single events while others are ingested")
        try await singleWhileIngesting(ledger, &found)
        progress("replay")
        found.replay = try fold { try ledger.replay { progress.tell($0.rawValue, of: $1.rawValue) }.events }
        progress("verify")
        found.verify = try fold {
            let verification = try ledger.verify { progress.tell($0.rawValue, of: $1.rawValue) }
            guard verification.isOK else { throw Failure("the ledger does not verify: \(verification)") }
            return UInt64(verification.events)
        }
        try await ledger.close()
        try await importFiles(&found)
        return found
    }

    /// Measures what goes through the whole log, and says how many events that had.
    private func fold(_ body: () throws -> UInt64) throws -> Measurements.Fold {
        let started = Self.clock.now
        let used = Machine.processSeconds
        let events = Double(try body())
        let seconds = (Self.clock.now - started).seconds
        return Measurements.Fold(
            seconds: seconds, eventsPerSecond: events / seconds,
            processorMicroseconds: (Machine.processSeconds - used) * 1e6 / events)
    }

    /// Opens the ledger twice: as it stands on disk, with none of it in memory, and once more.
    private func open(_ found: inout Measurements) async throws -> Ledger {
        progress("opening")
        try Machine.dropFromMemory(ledgerPath + "/data.mdb")
        var started = Self.clock.now
        let cold = try await Ledger.open(at: ledgerPath, options: options)
        found.coldOpenMilliseconds = (Self.clock.now - started).seconds * 1000
        try await cold.close()
        started = Self.clock.now
        let ledger = try await Ledger.open(at: ledgerPath, options: options)
        found.warmOpenMilliseconds = (Self.clock.now - started).seconds * 1000
        return ledger
    }

    private func sizes(_ ledger: Ledger, _ found: inout Measurements) throws {
        let statistics = try ledger.statistics()
        found.events = statistics.events
        found.sizes = statistics.parts.map { part in
            let kind = part.name == "log" ? "log" : part.name.hasPrefix("event-id") ? "ids" : "views"
            return (kind, part.bytes)
        }
    }
}
