import Synchronization
import UsageLedger

/// A clock that stands still until it is moved.
final class SettableClock: Sendable {
    private let moment: Mutex<Timestamp>

    init(_ text: String = "2026-11-15T12:00:00Z") throws { moment = Mutex(try Timestamp(parsing: text)) }

    var now: Timestamp { moment.withLock { $0 } }

    func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
}
