import UsageLedger

/// What came in for one event: the event, or why it is none. Refused ones keep the id that they had, if any.
enum EventDraft: Sendable {
    case event(UsageEvent)
    case refused(id: String?, LedgerError)

    /// Reads an event; of one that is refused, the id where the text has one.
    init(json bytes: [UInt8]) {
        do throws(LedgerError) {
            self = .event(try EventJSON.decode(bytes))
        } catch {
            let id = (try? JSONValue(document: bytes))?["id"]?.text
            self = .refused(id: id.map { String($0.prefix(Limits.eventIDBytes.upperBound)) }, error)
        }
    }

    /// The same for a caller: an event of an agent that it does not see is refused.
    func admitted(_ access: Access) -> EventDraft {
        guard case .event(let event) = self, !access.sees(event.agent) else { return self }
        return .refused(
            id: event.id.rawValue, LedgerError(.permissionDenied, "the key is not for this agent", field: "agent"))
    }
}
