import Foundation
import Synchronization

/// An IANA time zone, with its offsets kept at hand so that most look-ups do not reach the time zone database.
///
/// The database is consulted only when something is recorded: the local day of an event is data in its log entry from then
/// on, so that a replay on another machine, with another edition of the database, gives the same days.
public final class TimeZoneRules: Sendable {
    /// The zone's IANA identifier: `Europe/Berlin`.
    public let identifier: String

    private let zone: TimeZone?
    /// Offsets of UTC days through which the offset does not change; nil for days with a change in them.
    private let offsetByUTCDay = Mutex<[Int32: Int?]>([:])

    public static let utc = TimeZoneRules(fixedToUTC: "UTC")

    private init(fixedToUTC identifier: String) {
        self.identifier = identifier
        zone = nil
    }

    /// The zone of an IANA identifier.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/unknownTimeZone``.
    public init(identifier: String) throws(LedgerError) {
        guard identifier.utf8.count <= Limits.nameBytes.upperBound, let zone = TimeZone(identifier: identifier) else {
            throw LedgerError(
                .unknownTimeZone,
                "time zone: '\(identifier.prefix(60))' is not an IANA time zone such as Europe/Berlin",
                field: "timezone")
        }
        self.identifier = identifier
        self.zone = ["UTC", "Etc/UTC", "GMT"].contains(identifier) ? nil : zone
    }

    /// Seconds that local clocks are ahead of UTC at `moment`.
    ///
    /// - Complexity: O(1); the time zone database is asked once or twice for each UTC day.
    public func offsetSeconds(at moment: Timestamp) -> Int {
        guard let zone else { return 0 }
        let day = moment.utcDay
        let known = offsetByUTCDay.withLock { offsets -> Int?? in
            if let offset = offsets[day.daysSinceEpoch] { return offset }
            let first = Self.offset(of: zone, at: Int64(day.daysSinceEpoch) * 86_400)
            let last = Self.offset(of: zone, at: Int64(day.daysSinceEpoch) * 86_400 + 86_399)
            let offset: Int? = first == last ? first : nil
            offsets[day.daysSinceEpoch] = .some(offset)
            return offset
        }
        if let known = known ?? nil { return known }
        return Self.offset(of: zone, at: moment.nanosecondsSinceEpoch.flooredQuotient(by: 1_000_000_000))
    }

    private static func offset(of zone: TimeZone, at secondsSinceEpoch: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(secondsSinceEpoch)))
    }

    /// The local day of `moment`.
    public func day(of moment: Timestamp) -> Day {
        moment.adding(seconds: Int64(offsetSeconds(at: moment))).utcDay
    }

    /// The moment at which local clocks show `wallClock` (given as if it were UTC).
    ///
    /// A time that clocks show twice is its first occurrence; a time that they skip is moved on by the length of the gap.
    public func moment(ofWallClock wallClock: Timestamp) -> Timestamp {
        guard zone != nil else { return wallClock }
        let before = offsetSeconds(at: wallClock.adding(seconds: -86_400))
        let candidate = wallClock.adding(seconds: -Int64(before))
        if offsetSeconds(at: candidate) == before { return candidate }
        let after = offsetSeconds(at: wallClock.adding(seconds: 86_400))
        let later = wallClock.adding(seconds: -Int64(after))
        return offsetSeconds(at: later) == after ? later : candidate
    }

    /// The first moment of the local `day`; of a day before or behind all moments the first or the last one.
    public func start(of day: Day) -> Timestamp {
        let midnight = Timestamp(nanosecondsSinceEpoch: 0).adding(seconds: Int64(day.daysSinceEpoch) * 86_400)
        return moment(ofWallClock: midnight)
    }
}
