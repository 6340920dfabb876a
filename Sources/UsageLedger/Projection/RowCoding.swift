package import LMDB

// How the parts of keys are written, so that the order of the bytes is the order of the values.

extension [UInt8] {
    mutating func appendKey(_ symbol: Symbol) { appendBigEndian(symbol.rawValue) }

    /// Days before 1970 are negative: the sign bit is turned so that they come first.
    mutating func appendKey(_ day: Day) { appendBigEndian(UInt32(bitPattern: day.daysSinceEpoch) ^ 0x8000_0000) }

    mutating func appendKey(_ sequenceNumber: SequenceNumber) { appendBigEndian(sequenceNumber.rawValue) }

    mutating func appendKey(_ time: Timestamp) {
        appendBigEndian(UInt64(bitPattern: time.nanosecondsSinceEpoch) ^ 0x8000_0000_0000_0000)
    }
}

extension RawSpan {
    func keySymbol(at offset: Int) -> Symbol { Symbol(bigEndian(at: offset, as: UInt32.self)) }

    /// Days that usage cannot have are damage.
    func keyDay(at offset: Int, of what: String) throws(LMDBError) -> Day {
        let day = Day(daysSinceEpoch: Int32(bitPattern: bigEndian(at: offset, as: UInt32.self) ^ 0x8000_0000))
        try require(Day.earliest <= day && day <= Day.latest, of: what)
        return day
    }

    func keySequenceNumber(at offset: Int) -> SequenceNumber { SequenceNumber(bigEndian(at: offset, as: UInt64.self)) }

    func keyTime(at offset: Int) -> Timestamp {
        let bits = bigEndian(at: offset, as: UInt64.self) ^ 0x8000_0000_0000_0000
        return Timestamp(nanosecondsSinceEpoch: Int64(bitPattern: bits))
    }

    /// Checks what a row must be before its parts are read, its length above all.
    func require(_ isExpected: Bool, of what: String) throws(LMDBError) {
        guard isExpected else { throw LMDBError(code: .damaged, operation: "read a row of \(what)") }
    }

    /// Reads a sum. The largest that usage can add up to lies far below 2^110; anything beyond is damage, and would make
    /// further sums overflow.
    func readSum(_ position: inout Int) throws(CodecFailure) -> Int128 {
        let sum = try readWideSignedVarint(&position)
        guard sum.magnitude < 1 << 110 else { throw .invalidValue("sum") }
        return sum
    }

    /// Reads a number of events, less than 2^56 for the same reason.
    func readCount(_ position: inout Int) throws(CodecFailure) -> Int {
        let count = try readSignedVarint(&position)
        guard count.magnitude < 1 << 56 else { throw .invalidValue("count") }
        return Int(count)
    }

    /// Reads a row's value with `body`, all of it.
    func decodeRow<Value>(
        _ what: String, _ body: (RawSpan, inout Int) throws(CodecFailure) -> Value
    ) throws(LMDBError) -> Value {
        do throws(CodecFailure) {
            var position = 0
            let value = try body(self, &position)
            guard position == byteCount else { throw .trailingBytes }
            return value
        } catch {
            throw LMDBError(code: .damaged, operation: "read a row of \(what)")
        }
    }
}

extension Symbol: TableKey {
    func encode(into bytes: inout [UInt8]) { bytes.appendKey(self) }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self.init(rawValue: try UInt32(decoding: bytes))
    }
}

extension SequenceNumber: TableKey {
    package func encode(into bytes: inout [UInt8]) { bytes.appendKey(self) }

    package init(decoding bytes: RawSpan) throws(LMDBError) {
        self.init(try UInt64(decoding: bytes))
    }
}

/// A text as a whole row, key or value. Texts are the same when their bytes are.
struct TextRow: TableKey, TableValue {
    var text: String

    init(_ text: String) { self.text = text }

    /// `String` alone would hold texts to be equal that only look alike.
    static func == (left: TextRow, right: TextRow) -> Bool {
        left.text.utf8.elementsEqual(right.text.utf8)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }

    static func < (left: TextRow, right: TextRow) -> Bool { left.text.utf8.lexicographicallyPrecedes(right.text.utf8) }

    func encode(into bytes: inout [UInt8]) { bytes.append(contentsOf: text.utf8) }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        guard let text = bytes.string(in: 0..<bytes.byteCount) else {
            throw LMDBError(code: .damaged, operation: "read a row of text")
        }
        self.text = text
    }
}

/// A sequence number or symbol as a row's value.
struct NumberRow: TableValue {
    var number: UInt64

    init(_ number: UInt64) { self.number = number }

    func encode(into bytes: inout [UInt8]) { bytes.appendVarint(number) }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        number = try bytes.decodeRow("numbers") { (bytes, position) throws(CodecFailure) in
            try bytes.readVarint(&position)
        }
    }
}
