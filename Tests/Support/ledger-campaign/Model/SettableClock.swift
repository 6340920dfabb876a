import Synchronization

package import UsageLedger

/// A clock that stands still until it is moved.
package final class SettableClock: Sendable {
    private let moment: Mutex<Timestamp>

    package init(_ moment: Timestamp) { self.moment = Mutex(moment) }

    package convenience init(_ text: String = "2026-11-15T12:00:00Z") {
        guard let moment = try? Timestamp(parsing: text) else { preconditionFailure("'\(text)' is no moment") }
        self.init(moment)
    }

    package var now: Timestamp { moment.withLock { $0 } }

    package func set(_ now: Timestamp) { moment.withLock { $0 = now } }

    package func advance(seconds: Int64) { moment.withLock { $0 = $0.adding(seconds: seconds) } }
}
