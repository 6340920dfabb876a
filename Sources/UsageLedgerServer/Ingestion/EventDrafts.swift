import UsageLedger

/// What came in for events, in order: the events themselves, and why the others are none.
struct EventDrafts: Sendable {
    struct Refusal: Sendable {
        /// Among all that came in.
        var place: Int
        /// The id that it had, if any.
        var id: String?
        var error: LedgerError
    }

    /// Whose events are taken.
    let access: Access
    private(set) var events: [UsageEvent] = []
    private(set) var refusals: [Refusal] = []

    init(for access: Access) {
        self.access = access
    }

    var count: Int { events.count + refusals.count }
    var isEmpty: Bool { count == 0 }

    /// Adds the event that `range` of the bytes is. One of an agent that the caller does not see is refused.
    mutating func append(_ bytes: [UInt8], _ range: Range<Int>, _ decoder: inout EventLineDecoder) {
        do throws(LedgerError) {
            let event = try decoder.event(in: bytes, range)
            guard access.agent == nil || access.sees(event.agent) else {
                return refuse(
                    id: event.id.rawValue,
                    LedgerError(.permissionDenied, "the key is not for this agent", field: "agent"))
            }
            events.append(event)
        } catch {
            let id = (try? JSONValue(document: Array(bytes[range])))?["id"]?.text
            refuse(id: id.map { String($0.prefix(Limits.eventIDBytes.upperBound)) }, error)
        }
    }

    mutating func refuse(id: String?, _ error: LedgerError) {
        refusals.append(Refusal(place: count, id: id, error: error))
    }

    mutating func append(_ others: EventDrafts) {
        if isEmpty {
            self = others
            return
        }
        let offset = count
        for var refusal in others.refusals {
            refusal.place += offset
            refusals.append(refusal)
        }
        events += others.events
    }
}
