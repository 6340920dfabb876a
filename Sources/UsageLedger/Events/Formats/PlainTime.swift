import LMDB

/// Reads the common spelling of times, `2026-11-01T12:00:00.123Z`, from bytes. Others are for ``Timestamp/parse(_:in:)``.
struct PlainTime {
    /// The date read last, as its bytes, and its midnight: events of a file lie close together.
    private var date: (first: UInt64, last: UInt16) = (0, 0)
    private var midnight: Int64 = 0

    /// The time that the bytes at `range` spell, or nil where they spell it in another way, or none.
    ///
    /// - Parameter zone: where a time without zone was read off the clock.
    mutating func time(_ bytes: RawSpan, in range: Range<Int>, zone: TimeZoneRules) -> Timestamp? {
        let start = range.lowerBound
        guard range.count >= 19, readDate(bytes, at: start) else { return nil }
        let separator = bytes.byte(at: start + 10)
        guard separator == UInt8(ascii: "T") || separator == UInt8(ascii: " "),
            bytes.byte(at: start + 13) == UInt8(ascii: ":"), bytes.byte(at: start + 16) == UInt8(ascii: ":"),
            let hour = Self.number(bytes, at: start + 11), let minute = Self.number(bytes, at: start + 14),
            let second = Self.number(bytes, at: start + 17), hour < 24, minute < 60, second < 60
        else { return nil }
        var next = start + 19
        var fraction: Int64 = 0
        if next < range.upperBound, bytes.byte(at: next) == UInt8(ascii: ".") {
            var unit: Int64 = 1_000_000_000
            next += 1
            while next < range.upperBound, unit > 1 {
                let digit = bytes.byte(at: next) &- UInt8(ascii: "0")
                guard digit < 10 else { break }
                unit /= 10
                fraction += Int64(digit) * unit
                next += 1
            }
            guard unit < 1_000_000_000 else { return nil }
        }
        let inDay = (hour * 3600 + minute * 60 + second) * 1_000_000_000 + fraction
        let wallClock = Timestamp(nanosecondsSinceEpoch: midnight + inDay)
        if next == range.upperBound {
            let time = zone.moment(ofWallClock: wallClock)
            return Timestamp.readable.contains(time) ? time : nil
        }
        guard bytes.byte(at: next) == UInt8(ascii: "Z"), next + 1 == range.upperBound else { return nil }
        return wallClock
    }

    /// Reads `YYYY-MM-DD` into ``midnight``.
    private mutating func readDate(_ bytes: RawSpan, at start: Int) -> Bool {
        let found = (
            first: bytes.littleEndian(at: start, as: UInt64.self),
            last: bytes.littleEndian(at: start + 8, as: UInt16.self)
        )
        if found == date { return true }
        guard let (wallClock, offset) = Timestamp.parse(bytes.array(in: start..<start + 10)), offset == nil else {
            return false
        }
        date = found
        midnight = wallClock.nanosecondsSinceEpoch
        return true
    }

    /// Two digits.
    private static func number(_ bytes: RawSpan, at start: Int) -> Int64? {
        let tens = bytes.byte(at: start) &- UInt8(ascii: "0")
        let ones = bytes.byte(at: start + 1) &- UInt8(ascii: "0")
        guard tens < 10, ones < 10 else { return nil }
        return Int64(tens) * 10 + Int64(ones)
    }
}

extension RawSpan {
    /// The number that the digits at `range` spell: what nearly all quantities are; nil for anything else.
    func wholeNumber(in range: Range<Int>) -> Int? {
        guard 1...15 ~= range.count else { return nil }
        var value = 0
        for place in range {
            let digit = byte(at: place) &- UInt8(ascii: "0")
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int(digit)
        }
        return value
    }
}
