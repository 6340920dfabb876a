import UsageLedger

/// One agent's events for one client: what is new since it last asked.
///
/// Alerts are read from the ledger, by their place in the log: none is missed and none comes twice, whenever the client
/// comes back.
struct LiveStream: Sendable {
    let agent: AgentID
    private let ledger: Ledger
    private var place: StreamPlace
    private var formerMetrics: AgentMetrics?
    /// Whether there are alerts that the last call had no room for.
    private(set) var hasMore = false

    /// Alerts of one call, so that a client which was away for long takes them one part after the other.
    private static let alertsAtATime = 500

    /// - Parameter place: behind which to go on; nil for alerts from now on.
    init(ledger: Ledger, agent: AgentID, after place: StreamPlace?) {
        self.ledger = ledger
        self.agent = agent
        self.place = place ?? StreamPlace((try? ledger.lastSequenceNumber()) ?? .zero)
    }

    /// What has happened since the last call, as server-sent events; empty when nothing has that the agent would see.
    mutating func news() throws -> [UInt8] {
        // What is recorded after this is looked at again; alerts that are read twice are told apart by their places.
        let last = try ledger.lastSequenceNumber()
        var bytes: [UInt8] = []
        let alerts = try ledger.recordedAlerts(agent: agent, after: place.finishedEntry, limit: Self.alertsAtATime)
        hasMore = alerts.count >= Self.alertsAtATime
        for alert in alerts where alert.isHighest {
            let here = StreamPlace(alert)
            guard here > place else { continue }
            place = here
            var writer = JSONWriter()
            writer.alert(alert, ledger.currency)
            Self.append("budgetAlert", id: alert.id.rawValue, writer, to: &bytes)
        }
        if hasMore {
            // All alerts of the last one's entry are among them.
            if let last = alerts.last { place = StreamPlace(last.sequenceNumber) }
            return bytes
        }
        if place < StreamPlace(last) { place = StreamPlace(last) }
        let metrics = try ledger.metrics(agent: agent)
        if metrics != formerMetrics {
            formerMetrics = metrics
            var writer = JSONWriter()
            writer.metrics(metrics)
            Self.append("metrics", id: place.sequenceNumber.description, writer, to: &bytes)
        }
        return bytes
    }

    private static func append(_ event: String, id: String, _ data: JSONWriter, to bytes: inout [UInt8]) {
        bytes += Array("event: \(event)\nid: \(id)\ndata: ".utf8) + data.bytes + Array("\n\n".utf8)
    }
}
