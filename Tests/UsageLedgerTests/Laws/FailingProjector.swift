@testable import UsageLedger

/// A view that fails at a chosen event.
struct FailingProjector: Projector {
    static let name = "failing"
    static let version: UInt32 = 1

    struct Failure: Error {}

    func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws {
        if case .usage(let usage) = entry.content, usage.event.operation == "poison" { throw Failure() }
    }
}
