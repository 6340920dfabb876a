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
        // The entry of the place itself may have more alerts than were sent.
        let former = SequenceNumber(max(place.sequenceNumber.rawValue, 1) - 1)
        for alert in try ledger.recordedAlerts(agent: agent, after: former) where alert.isHighest {
            let here = StreamPlace(alert)
            guard here > place else { continue }
            place = here
            var writer = JSONWriter()
            writer.alert(alert, ledger.currency)
            Self.append("budgetAlert", id: alert.id.rawValue, writer, to: &bytes)
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
