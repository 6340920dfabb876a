/// A moment in time: nanoseconds since 1970-01-01T00:00:00Z, leap seconds not counted (Unix time).
///
/// 64 bits reach from 1677 to 2262.
public struct Timestamp: Hashable, Comparable, Sendable {
    public var nanosecondsSinceEpoch: Int64

    public init(nanosecondsSinceEpoch: Int64) { self.nanosecondsSinceEpoch = nanosecondsSinceEpoch }

    /// - Precondition: the moment lies between 1677 and 2262.
    public init(secondsSinceEpoch: Int64) { nanosecondsSinceEpoch = secondsSinceEpoch * 1_000_000_000 }

    static let nanosecondsPerDay: Int64 = 86_400_000_000_000

    /// The day of this moment in UTC.
    public var utcDay: Day {
        Day(daysSinceEpoch: Int32(nanosecondsSinceEpoch.flooredQuotient(by: Self.nanosecondsPerDay)))
    }

    /// This moment `seconds` later, or the last one there is.
    public func adding(seconds: Int64) -> Timestamp {
        let (distance, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carry) = nanosecondsSinceEpoch.addingReportingOverflow(distance)
        return Timestamp(nanosecondsSinceEpoch: overflow || carry ? (seconds < 0 ? .min : .max) : sum)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.nanosecondsSinceEpoch < right.nanosecondsSinceEpoch
    }
}

extension Int64 {
    func flooredQuotient(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

extension Timestamp: CustomStringConvertible {
    /// ISO 8601 in UTC with 0, 3, 6 or 9 fractional digits, as many as the moment needs: `2026-11-01T12:00:00.123Z`.
    public var description: String {
        let day = utcDay
        let sinceMidnight = nanosecondsSinceEpoch % Self.nanosecondsPerDay
        let inDay = sinceMidnight < 0 ? sinceMidnight + Self.nanosecondsPerDay : sinceMidnight
        let seconds = Int(inDay / 1_000_000_000)
        let fraction = Int(inDay % 1_000_000_000)
        var text = "\(day)T\(padded(seconds / 3600, 2)):\(padded(seconds / 60 % 60, 2)):\(padded(seconds % 60, 2))"
        if fraction % 1_000_000 == 0 {
            if fraction != 0 { text += "." + padded(fraction / 1_000_000, 3) }
        } else if fraction % 1000 == 0 {
            text += "." + padded(fraction / 1000, 6)
        } else {
            text += "." + padded(fraction, 9)
        }
        return text + "Z"
    }

    /// Reads ISO 8601 text: `2026-11-01T12:00:00.123Z`, with `T` or a space between date and time, seconds optional, up to
    /// nine fractional digits, and `Z` or an offset such as `+05:30`; a plain date is its midnight.
    ///
    /// `zone` is where a time without zone or offset was read off the clock; UTC unless given.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidArgument``.
    public init(parsing text: some StringProtocol, in zone: TimeZoneRules = .utc) throws(LedgerError) {
        guard let time = Self.read(Array(text.utf8), in: zone) else {
            throw .invalidArgument("time", "'\(text.prefix(40))' is not a time such as 2026-11-01T12:00:00Z")
        }
        self = time
    }

    /// What can be read: the whole years that 64 bits reach.
    static let readable = ClosedRange(
        uncheckedBounds: (
            lower: Timestamp(nanosecondsSinceEpoch: -9_214_560_000_000_000_000),
            upper: Timestamp(nanosecondsSinceEpoch: 9_214_646_399_999_999_999)
        ))

    /// The moment that `bytes` (or a range of them) spell; a time without offset was read off a clock in `zone`.
    static func read(_ bytes: [UInt8], _ range: Range<Int>? = nil, in zone: TimeZoneRules) -> Timestamp? {
        guard let (wallClock, offsetSeconds) = parse(bytes, in: range) else { return nil }
        let time =
            offsetSeconds.map { wallClock.adding(seconds: -Int64($0)) } ?? zone.moment(ofWallClock: wallClock)
        return readable.contains(time) ? time : nil
    }

    /// The time that `bytes` (or a range of them) spell as if it were UTC, and the offset from UTC they give, if any.
    static func parse(_ bytes: [UInt8], in range: Range<Int>? = nil) -> (wallClock: Timestamp, offsetSeconds: Int?)? {
        var scanner = DigitScanner(bytes: bytes, range: range ?? 0..<bytes.count)
        guard let year = scanner.number(digits: 4), scanner.skip("-"), let month = scanner.number(digits: 2),
            scanner.skip("-"), let dayOfMonth = scanner.number(digits: 2),
            let day = Day(year: year, month: month, day: dayOfMonth), year >= 1678, year <= 2261
        else { return nil }
        let midnight = Int64(day.daysSinceEpoch) * nanosecondsPerDay
        if scanner.isAtEnd { return (Timestamp(nanosecondsSinceEpoch: midnight), nil) }
        guard scanner.skip("T") || scanner.skip("t") || scanner.skip(" "), let hour = scanner.number(digits: 2),
            scanner.skip(":"), let minute = scanner.number(digits: 2), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if scanner.skip(":") {
            guard let value = scanner.number(digits: 2), value < 60 else { return nil }
            second = value
            if scanner.skip(".") || scanner.skip(",") {
                guard let value = scanner.fraction(digits: 9) else { return nil }
                fraction = value
            }
        }
        guard let offset = scanner.offset() else { return nil }
        let inDay = Int64(hour * 3600 + minute * 60 + second) * 1_000_000_000 + Int64(fraction)
        return (Timestamp(nanosecondsSinceEpoch: midnight + inDay), offset)
    }
}

/// Reads fixed-width numbers from the front of bytes.
private struct DigitScanner {
    let bytes: [UInt8]
    private var position: Int
    private let end: Int

    init(bytes: [UInt8], range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var isAtEnd: Bool { position == end }

    mutating func skip(_ character: Unicode.Scalar) -> Bool {
        guard position < end, bytes[position] == UInt8(ascii: character) else { return false }
        position += 1
        return true
    }

    private mutating func digit() -> Int? {
        guard position < end else { return nil }
        let value = bytes[position] &- UInt8(ascii: "0")
        guard value < 10 else { return nil }
        position += 1
        return Int(value)
    }

    mutating func number(digits: Int) -> Int? {
        var value = 0
        for _ in 0..<digits {
            guard let next = digit() else { return nil }
            value = value * 10 + next
        }
        return value
    }

    /// One to `digits` digits behind a point, as an integer of that many places.
    mutating func fraction(digits: Int) -> Int? {
        var value = 0
        var count = 0
        while let next = digit() {
            count += 1
            guard count <= digits else { return nil }
            value = value * 10 + next
        }
        guard count > 0 else { return nil }
        for _ in count..<digits { value *= 10 }
        return value
    }

    /// `Z`, `+05:30`, `+0530`, `+05` or nothing (`.some(nil)`), up to the end; nil when something else stands there.
    mutating func offset() -> Int?? {
        if isAtEnd { return .some(nil) }
        if skip("Z") || skip("z") { return isAtEnd ? 0 : nil }
        let isNegative: Bool
        if skip("+") {
            isNegative = false
        } else if skip("-") {
            isNegative = true
        } else {
            return nil
        }
        guard let hours = number(digits: 2), hours <= 18 else { return nil }
        var minutes = 0
        if !isAtEnd {
            _ = skip(":")
            guard let value = number(digits: 2), value < 60 else { return nil }
            minutes = value
        }
        guard isAtEnd else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return isNegative ? -seconds : seconds
    }
}
