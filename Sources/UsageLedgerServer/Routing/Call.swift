import Foundation
import HTTPTypes
import Hummingbird
import Logging
import UsageLedger

/// A request whose caller is known and may do what it asks.
struct Call: Sendable {
    let service: LedgerService
    let request: Request
    let context: ServiceRequestContext
    let access: Access
    let query: QueryReader
    /// The agent in the path; empty where there is none.
    let agent: AgentID

    /// The open ledger.
    var ledger: Ledger {
        get throws(ServiceError) { try service.openLedger() }
    }

    var limits: ServiceLimits { service.configuration.limits }

    /// A part of the path.
    func part(_ name: String) throws(ServiceError) -> String {
        guard let text = context.parameters.get(name)?.removingPercentEncoding, !text.isEmpty else {
            throw ServiceError.notFound
        }
        return text
    }

    /// An answer in the envelope.
    func success(
        metadata: (inout JSONWriter) -> Void = { _ in }, _ data: (inout JSONWriter) throws -> Void
    ) throws -> [UInt8] {
        try Envelope.success(at: try ledger.now, metadata: metadata, data: data)
    }

    /// The days asked for.
    func days() throws -> ClosedRange<Day>? {
        try query.days(zone: try ledger.timeZone(of: agent.rawValue.isEmpty ? nil : agent), limit: limits.rangeDays)
    }
}
