import LMDB

/// The idempotency key of a usage event, chosen by its producer: 1 to 128 bytes of UTF-8 without control characters.
///
/// Ids are compared as text, byte by byte; they never expire.
public struct EventID: TextIdentifier {
    public var rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    /// An id that no one has chosen before: a UUID version 7 (RFC 9562), which sorts by the time of its making.
    public static func generated(at time: Timestamp) -> EventID {
        let milliseconds = UInt64(max(0, time.nanosecondsSinceEpoch / 1_000_000))
        let high = milliseconds << 16 | 0x7000 | UInt64.random(in: 0...0xFFF)
        let low = UInt64.random(in: .min ... .max) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        var bytes: [UInt8] = []
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
        return EventID(StoredEventID.uuidText(bytes))
    }
}

/// An id in the form the log keeps it in. One text has exactly one stored form.
struct StoredEventID: Hashable {
    /// How the bytes spell the id.
    enum Form: UInt8 {
        /// The UTF-8 of the id.
        case text = 0
        /// 16 bytes of a UUID whose text is in lower case, with hyphens: `8c6e3f0a-...`.
        case uuid = 1
        /// 16 bytes of a ULID whose text is in upper case: `01J9Z...`.
        case ulid = 2
    }

    var form: Form
    var bytes: [UInt8]

    init(form: Form, bytes: [UInt8]) {
        self.form = form
        self.bytes = bytes
    }

    init(_ id: EventID) {
        let utf8 = id.rawValue.utf8Span.span
        let packed: StoredEventID? =
            switch utf8.count {
            case 36:
                Self.uuidWords(utf8).map { words in
                    var bytes: [UInt8] = []
                    bytes.reserveCapacity(16)
                    bytes.appendBigEndian(words.high)
                    bytes.appendBigEndian(words.low)
                    return StoredEventID(form: .uuid, bytes: bytes)
                }
            case 26: Self.ulid(utf8)
            default: nil
            }
        self = packed ?? StoredEventID(form: .text, bytes: Array(id.rawValue.utf8))
    }

    /// The id's text.
    var id: EventID {
        switch form {
        case .text: EventID(String(decoding: bytes, as: UTF8.self))
        case .uuid: EventID(Self.uuidText(bytes))
        case .ulid: EventID(Self.ulidText(bytes))
        }
    }

    // MARK: UUID

    private static let hexDigits = Array("0123456789abcdef".utf8)

    /// The bytes of a UUID in lower case, as two big-endian words; nil for any other text.
    static func uuidWords(_ text: Span<UInt8>) -> (high: UInt64, low: UInt64)? {
        let hyphen = UInt8(ascii: "-")
        guard text.count == 36, text[8] == hyphen, text[13] == hyphen, text[18] == hyphen, text[23] == hyphen else {
            return nil
        }
        var bad: UInt8 = 0
        /// The digits of a range; `bad` gets bits beyond a digit's where one is none.
        func digits(_ range: Range<Int>) -> UInt64 {
            var word: UInt64 = 0
            for position in range {
                let value = hexValues[Int(text[position])]
                bad |= value
                word = word << 4 | UInt64(value & 15)
            }
            return word
        }
        let high = digits(0..<8) << 32 | digits(9..<13) << 16 | digits(14..<18)
        let low = digits(19..<23) << 48 | digits(24..<36)
        return bad < 16 ? (high, low) : nil
    }

    /// The value of each digit in lower case; 255 for all other bytes.
    private static let hexValues: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in hexDigits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    static func uuidText(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (position, byte) in bytes.enumerated() {
            if position == 4 || position == 6 || position == 8 || position == 10 { text.append(UInt8(ascii: "-")) }
            text.append(hexDigits[Int(byte >> 4)])
            text.append(hexDigits[Int(byte & 15)])
        }
        return String(decoding: text, as: UTF8.self)
    }

    // MARK: ULID

    /// Crockford's base 32, as the ULID specification uses it.
    private static let base32Digits = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ".utf8)

    private static let base32Values: [UInt8] = {
        var values = [UInt8](repeating: 255, count: 256)
        for (value, digit) in base32Digits.enumerated() { values[Int(digit)] = UInt8(value) }
        return values
    }()

    private static func ulid(_ text: Span<UInt8>) -> StoredEventID? {
        guard text[0] <= UInt8(ascii: "7") else { return nil }  // 26 digits hold 130 bits, a ULID has 128
        var value: UInt128 = 0
        for position in text.indices {
            let digit = base32Values[Int(text[position])]
            guard digit < 32 else { return nil }
            value = value << 5 | UInt128(digit)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        bytes.appendBigEndian(value)
        return StoredEventID(form: .ulid, bytes: bytes)
    }

    private static func ulidText(_ bytes: [UInt8]) -> String {
        var value = bytes.reduce(UInt128(0)) { $0 << 8 | UInt128($1) }
        var text = [UInt8](repeating: 0, count: 26)
        for position in (0..<26).reversed() {
            text[position] = base32Digits[Int(value & 31)]
            value >>= 5
        }
        return String(decoding: text, as: UTF8.self)
    }
}
