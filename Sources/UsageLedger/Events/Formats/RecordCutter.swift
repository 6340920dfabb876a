import LMDB

/// Cuts a file into records that end at a line end, in constant memory.
struct RecordCutter: ~Copyable {
    /// Where a record stands among the bytes of its batch, without its line end.
    struct Record {
        /// Where it starts in the file, from 1.
        var line: Int
        /// All of it, or of one that is too long its start.
        var range: Range<Int>
        var isTooLong: Bool
        /// Bytes of the file up to its end, line end included.
        var fileEnd: Int
    }

    /// The longest record: 1 MiB.
    static let recordBytes = 1 << 20
    private static let chunkBytes = 1 << 18

    /// Where within a CSV record the cutter is; a line end between quotes ends nothing.
    private enum Place {
        /// No quote was met, and the byte before is at hand.
        case plain
        case fieldStart, unquoted, quoted
        /// Behind a quote between quotes: it was the closing one, or the first of a doubled one.
        case afterQuote
    }

    private let file: InputFile
    private let hasQuotes: Bool
    private var chunk: [UInt8]
    private var buffer: [UInt8] = []
    /// Where in `buffer` the next record starts.
    private var start = 0
    /// Where in the file `buffer` ends.
    private var fileEnd = 0
    private var isAtEnd = false
    private var line = 1

    /// How far the record that starts at `start` has been looked at.
    private var scanned = 0
    private var place = Place.plain
    private var startLine = 1
    /// Whether the record is beyond the limit: its start is kept, and the rest is let go as it is read.
    private var isDropping = false

    var totalBytes: Int? { file.totalBytes }

    /// - Parameters:
    ///   - hasQuotes: whether line ends between double quotes belong to the record, as in CSV.
    ///   - chunkBytes: the most that is read at once.
    init(_ file: consuming InputFile, hasQuotes: Bool, chunkBytes: Int = Self.chunkBytes) throws(LedgerError) {
        self.file = file
        self.hasQuotes = hasQuotes
        chunk = [UInt8](repeating: 0, count: chunkBytes)
        while buffer.count < 3, !isAtEnd { try fill() }
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {  // a byte-order mark
            start = 3
            scanned = 3
        }
    }

    /// Bytes of the file before the next record.
    var bytesRead: Int { fileEnd - (buffer.count - start) }

    /// The next record, or nil at the end of the file; its bytes stand in what ``takeBytes()`` gives next. A line end at the
    /// very end starts no record.
    ///
    /// - Parameter isFilling: whether to read on where the bytes at hand hold no whole record; nil means the end then only if
    ///   it is.
    mutating func next(isFilling: Bool = true) throws(LedgerError) -> Record? {
        while true {
            if let end = hasQuotes ? endOfRecord() : endOfLine() {
                let record = record(endingAt: end, hasLineEnd: true)
                line += 1
                begin(at: end + 1)
                return record
            }
            if isAtEnd {
                guard buffer.count > start || isDropping else { return nil }
                let record = record(endingAt: buffer.count, hasLineEnd: false)
                begin(at: buffer.count)
                return record
            }
            guard isFilling else { return nil }
            if buffer.count - start > Self.recordBytes { drop() }
            try fill()
        }
    }

    /// Bytes of the records given since they were last taken.
    var bytesAtHand: Int { start }

    /// A copy of a record that is not taken yet.
    func bytes(of record: Record) -> [UInt8] { Array(buffer[record.range]) }

    /// The first byte of a record, not taken yet, that is no white space.
    func firstVisibleByte(of record: Record) -> UInt8? {
        for place in record.range {
            let byte = buffer[place]
            if byte != 0x20, byte != 0x09, byte != 0x0D { return byte }
        }
        return nil
    }

    /// The bytes of the records given since the last call, in which their ranges count.
    mutating func takeBytes() -> [UInt8] {
        var rest: [UInt8] = []
        rest.reserveCapacity(start + chunk.count)
        rest.append(contentsOf: buffer[start...])
        defer {
            buffer = rest
            scanned -= start
            start = 0
        }
        return buffer
    }

    // MARK: Records

    private func record(endingAt end: Int, hasLineEnd: Bool) -> Record {
        let isTooLong = isDropping || end - start > Self.recordBytes
        var upperBound = isTooLong ? start + Self.recordBytes : end
        if !isTooLong, end > start, buffer[end - 1] == UInt8(ascii: "\r") { upperBound -= 1 }
        return Record(
            line: startLine, range: start..<upperBound, isTooLong: isTooLong,
            fileEnd: fileEnd - (buffer.count - end) + (hasLineEnd ? 1 : 0))
    }

    private mutating func begin(at next: Int) {
        start = next
        scanned = next
        startLine = line
        place = .plain
        isDropping = false
    }

    /// Lets go of all but the start of a record that is too long.
    private mutating func drop() {
        if case .plain = place { place = buffer[buffer.count - 1] == UInt8(ascii: ",") ? .fieldStart : .unquoted }
        buffer.removeLast(buffer.count - start - Self.recordBytes)
        scanned = buffer.count
        isDropping = true
    }

    private mutating func fill() throws(LedgerError) {
        let count = try file.read(into: &chunk)
        if count == 0 { isAtEnd = true }
        buffer.append(contentsOf: chunk[0..<count])
        fileEnd += count
    }

    // MARK: Ends

    private mutating func endOfLine() -> Int? {
        let end = buffer.span.bytes.firstIndex(of: UInt8(ascii: "\n"), from: scanned)
        scanned = end ?? buffer.count
        return end
    }

    private mutating func endOfRecord() -> Int? {
        if case .plain = place {
            let end = buffer.span.bytes.firstIndex(of: UInt8(ascii: "\n"), from: scanned)
            // Nearly all records have no quote at all.
            guard let quote = buffer.span.bytes.firstIndex(of: UInt8(ascii: "\""), from: scanned, to: end) else {
                scanned = end ?? buffer.count
                return end
            }
            place = quote == start || buffer[quote - 1] == UInt8(ascii: ",") ? .fieldStart : .unquoted
            scanned = quote
        }
        while scanned < buffer.count {
            let byte = buffer[scanned]
            switch place {
            case .quoted:
                if byte == UInt8(ascii: "\"") { place = .afterQuote }
                if byte == UInt8(ascii: "\n") { line += 1 }
            case .afterQuote where byte == UInt8(ascii: "\""): place = .quoted
            case .fieldStart where byte == UInt8(ascii: "\""): place = .quoted
            case .plain, .fieldStart, .unquoted, .afterQuote:
                if byte == UInt8(ascii: "\n") { return scanned }
                place = byte == UInt8(ascii: ",") ? .fieldStart : .unquoted
            }
            scanned += 1
        }
        return nil
    }
}
