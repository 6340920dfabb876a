@testable import UsageLedger

/// A service's own view, as its author would write it: cost by agent and lead, and how many corrections there were.
struct CostPerLead: Projector {
    static let name = "cost-per-lead"
    static let version: UInt32 = 1

    func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws {
        switch entry.content {
        case .usage(let usage):
            if let lead = usage.event.lead { try rows.add(usage.cost.picodollars, to: "\(usage.event.agent)/\(lead)") }
        case .void, .replacement: try rows.add(1, to: "corrections")
        default: break
        }
        try rows.set(Array("\(entry.sequenceNumber)".utf8), at: "last-entry")
    }
}
