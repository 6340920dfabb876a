/// A strict pull reader of JSON text (RFC 8259) over shared bytes: the caller asks for what it expects, value by value.
///
/// Nothing is allocated for what is not asked for: strings and numbers are byte ranges until their value is wanted.
/// Unpaired surrogates are refused (as RFC 7493, I-JSON, demands). Duplicate keys are the caller's to detect.
struct JSONReader: ~Copyable {
    /// What a value is, by its first byte.
    enum Kind {
        case object, array, string, number, bool, null
    }

    /// A string as it stands between its quotes.
    struct Text {
        var range: Range<Int>
        var hasEscapes: Bool
    }

    /// The text, valid UTF-8 throughout ``start``..<``end``.
    let bytes: [UInt8]
    let start: Int
    let end: Int
    private(set) var position: Int
    /// Objects and arrays that are open.
    private(set) var depth = 0
    /// How many may be open at once.
    var depthLimit: Int
    /// Whether the innermost object or array has had no member yet.
    private var isBeforeFirstMember = false

    /// A reader of `bytes`, or of a range of them.
    ///
    /// - Throws: `FormatFailure` when they are not valid UTF-8. Complexity: O(length).
    init(_ bytes: [UInt8], in range: Range<Int>? = nil, depthLimit: Int = 32) throws(FormatFailure) {
        let range = range ?? 0..<bytes.count
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: bytes.span.extracting(range))
        } catch {
            throw FormatFailure(.invalidUTF8, offset: error.byteOffsets.lowerBound)
        }
        self.init(validUTF8: bytes, in: range, depthLimit: depthLimit)
    }

    /// A reader of bytes that were found to be valid UTF-8 before.
    init(validUTF8 bytes: [UInt8], in range: Range<Int>, depthLimit: Int = 32) {
        self.bytes = bytes
        start = range.lowerBound
        end = range.upperBound
        position = range.lowerBound
        self.depthLimit = depthLimit
    }

    /// The place of the next unread byte, from the start of the text.
    var offset: Int { position - start }

    /// The place of the quote before `text`, from the start of the text.
    func offset(of text: Text) -> Int { text.range.lowerBound - 1 - start }

    func failure(_ problem: FormatFailure.Problem) -> FormatFailure { FormatFailure(problem, offset: offset) }

    // MARK: Values

    /// What the next value is; it stays unread.
    mutating func peek() throws(FormatFailure) -> Kind {
        skipWhiteSpace()
        guard position < end else { throw failure(.truncated) }
        switch bytes[position] {
        case UInt8(ascii: "{"): return .object
        case UInt8(ascii: "["): return .array
        case UInt8(ascii: "\""): return .string
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number
        case UInt8(ascii: "t"), UInt8(ascii: "f"): return .bool
        case UInt8(ascii: "n"): return .null
        default: throw failure(.malformed)
        }
    }

    /// Opens an object; ``nextKey()`` then gives its members.
    ///
    /// - Parameter expected: what the failure says was expected, when the next value is none.
    mutating func beginObject(_ expected: String = "an object", field: String? = nil) throws(FormatFailure) {
        guard try peek() == .object else { throw failure(.expected(expected)).locating(field: field, offset: nil) }
        try open(UInt8(ascii: "{"))
    }

    /// The key of the next member, whose value is to be read or skipped next; nil when the object has ended.
    mutating func nextKey() throws(FormatFailure) -> Text? {
        guard try hasAnother(before: UInt8(ascii: "}")) else { return nil }
        let key = try text()
        skipWhiteSpace()
        try expect(UInt8(ascii: ":"))
        return key
    }

    /// Opens an array; ``nextElement()`` then tells whether there is another element.
    mutating func beginArray() throws(FormatFailure) { try open(UInt8(ascii: "[")) }

    /// Whether another element follows, which is to be read or skipped next; false when the array has ended.
    mutating func nextElement() throws(FormatFailure) -> Bool { try hasAnother(before: UInt8(ascii: "]")) }

    /// The next value, a string.
    mutating func string() throws(FormatFailure) -> String { string(of: try text()) }

    /// The next value, `true` or `false`.
    mutating func bool() throws(FormatFailure) -> Bool {
        skipWhiteSpace()
        guard position < end else { throw failure(.truncated) }
        if bytes[position] == UInt8(ascii: "t") {
            try expect("true")
            return true
        }
        try expect("false")
        return false
    }

    /// The next value, `null`.
    mutating func null() throws(FormatFailure) {
        skipWhiteSpace()
        try expect("null")
    }

    /// Reads over the next value if it is `null`, and tells whether it was.
    mutating func skipNull() throws(FormatFailure) -> Bool {
        skipWhiteSpace()
        guard position < end, bytes[position] == UInt8(ascii: "n") else { return false }
        try null()
        return true
    }

    /// Reads over the next value, whatever it is, and checks its syntax.
    ///
    /// - Complexity: O(length); recursion ends at ``depthLimit``.
    mutating func skipValue() throws(FormatFailure) {
        switch try peek() {
        case .object:
            try beginObject()
            while try nextKey() != nil { try skipValue() }
        case .array:
            try beginArray()
            while try nextElement() { try skipValue() }
        case .string: _ = try text()
        case .number: _ = try number()
        case .bool: _ = try bool()
        case .null: try null()
        }
    }

    /// Checks that nothing but white space follows.
    mutating func finish() throws(FormatFailure) {
        skipWhiteSpace()
        guard position == end else { throw failure(.malformed) }
    }

    // MARK: Syntax

    mutating func skipWhiteSpace() {
        while position < end {
            let byte = bytes[position]
            guard byte <= 0x20, byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D else { return }
            position += 1
        }
    }

    /// Moves the reader on to `position`, for the parts in other files.
    mutating func advance(to position: Int) { self.position = position }

    mutating func expect(_ byte: UInt8) throws(FormatFailure) {
        guard position < end else { throw failure(.truncated) }
        guard bytes[position] == byte else { throw failure(.malformed) }
        position += 1
    }

    private mutating func expect(_ word: String) throws(FormatFailure) {
        for byte in word.utf8 { try expect(byte) }
    }

    private mutating func open(_ bracket: UInt8) throws(FormatFailure) {
        skipWhiteSpace()
        guard depth < depthLimit else { throw failure(.tooDeep) }
        try expect(bracket)
        depth += 1
        isBeforeFirstMember = true
    }

    private mutating func hasAnother(before bracket: UInt8) throws(FormatFailure) -> Bool {
        skipWhiteSpace()
        guard position < end else { throw failure(.truncated) }
        if bytes[position] == bracket {
            position += 1
            depth -= 1
            isBeforeFirstMember = false
            return false
        }
        if isBeforeFirstMember {
            isBeforeFirstMember = false
        } else {
            try expect(UInt8(ascii: ","))
        }
        return true
    }
}
