@testable import UsageLedger

/// The same view, changed: events instead of cost.
struct EventsPerLead: Projector {
    static let name = "cost-per-lead"
    static let version: UInt32 = 2

    func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws {
        guard case .usage(let usage) = entry.content, let lead = usage.event.lead else { return }
        try rows.add(1, to: "\(usage.event.agent)/\(lead)")
    }
}
