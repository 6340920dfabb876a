/// Why a rate was not the one that a line was priced with.
public enum RateObjection: Hashable, Sendable {
    case notYetEffective(from: Timestamp)
    case ended(at: Timestamp)
    /// The event's context has another value, or none.
    case context(key: String, wanted: String, given: String?)
    case outsideHours
    case otherWeekday
    /// The zone of its hours is not in this machine's time zone database.
    case unknownTimeZone(String)
    /// It holds, and another one prevails.
    case outranked(Rank, by: SequenceNumber)

    /// What decides between rates that hold, in this order.
    public enum Rank: Hashable, Sendable {
        /// The other names the model more exactly.
        case models
        /// The other belongs to the line's category, which of equally exact ones is the one declared first.
        case category
        /// The other has more conditions.
        case conditions
        case priority
        /// The other took effect later.
        case effective
        /// The other became known later.
        case known
    }
}

extension RateObjection: CustomStringConvertible {
    public var description: String {
        switch self {
        case .notYetEffective(let moment): return "takes effect only at \(moment)"
        case .ended(let moment): return "ended at \(moment)"
        case .context(let key, let wanted, let given):
            return "wants \(key)=\(wanted); the event has \(given.map { "\(key)=\($0)" } ?? "none")"
        case .outsideHours: return "holds at other times of the day"
        case .otherWeekday: return "holds on other days of the week"
        case .unknownTimeZone(let zone): return "its time zone \(zone) is not known here"
        case .outranked(let rank, _):
            switch rank {
            case .models: return "another names the model more exactly"
            case .category: return "the line is of another category"
            case .conditions: return "another has more conditions, and they hold"
            case .priority: return "another has a higher priority"
            case .effective: return "another took effect later"
            case .known: return "another became known later"
            }
        }
    }
}
