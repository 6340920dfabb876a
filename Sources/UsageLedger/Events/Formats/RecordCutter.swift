/// Cuts a file into records that end at a line end, in constant memory.
struct RecordCutter: ~Copyable {
    /// A record without its line end.
    struct Record {
        /// Where it starts, from 1.
        var line: Int
        /// All of it, or of one that is too long its start.
        var bytes: [UInt8]
        var isTooLong: Bool
    }

    /// The longest record: 1 MiB.
    static let recordBytes = 1 << 20
    private static let chunkBytes = 1 << 18

    /// Where within a CSV record the cutter is; a line end between quotes ends nothing.
    private enum Place {
        case fieldStart, unquoted, quoted
        /// Behind a quote between quotes: it was the closing one, or the first of a doubled one.
        case afterQuote
    }

    private let file: InputFile
    private let hasQuotes: Bool
    private var chunk = [UInt8](repeating: 0, count: Self.chunkBytes)
    private var buffer: [UInt8] = []
    /// Where in `buffer` the next record starts.
    private var start = 0
    private var isAtEnd = false
    private var line = 1
    /// Bytes of the records given so far, line ends included.
    private(set) var bytesRead = 0

    var totalBytes: Int? { file.totalBytes }

    /// - Parameter hasQuotes: whether line ends between double quotes belong to the record, as in CSV.
    init(_ file: consuming InputFile, hasQuotes: Bool) throws(LedgerError) {
        self.file = file
        self.hasQuotes = hasQuotes
        while buffer.count < 3, !isAtEnd { try fill() }
        if buffer.starts(with: [0xEF, 0xBB, 0xBF]) {  // a byte-order mark
            start = 3
            bytesRead = 3
        }
    }

    /// The next record, or nil at the end of the file. A line end at the very end starts no record.
    mutating func next() throws(LedgerError) -> Record? {
        var record = Record(line: line, bytes: [], isTooLong: false)
        var scanned = start
        var place = Place.fieldStart
        while true {
            if let end = hasQuotes ? endOfRecord(from: &scanned, &place) : endOfLine(from: scanned) {
                take(start..<end, into: &record)
                bytesRead += end + 1 - start
                start = end + 1
                line += 1
                return record
            }
            scanned = buffer.count
            if isAtEnd {
                guard scanned > start || record.isTooLong else { return nil }
                take(start..<scanned, into: &record)
                bytesRead += scanned - start
                start = scanned
                return record
            }
            if scanned - start > Self.recordBytes {
                // Keep the record's start and let go of the rest as it is read.
                take(start..<scanned, into: &record)
                bytesRead += scanned - start
                start = scanned
            }
            scanned -= start
            try fill()
        }
    }

    /// Takes the record from the buffer. Of one beyond the limit the first part is kept, and what follows is dropped.
    private func take(_ range: Range<Int>, into record: inout Record) {
        if record.isTooLong { return }
        if range.count > Self.recordBytes {
            record.isTooLong = true
            record.bytes = Array(buffer[range.prefix(Self.recordBytes)])
            return
        }
        var end = range.upperBound
        if end > range.lowerBound, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        record.bytes = Array(buffer[range.lowerBound..<end])
    }

    /// Moves what is left to the front of the buffer and reads more behind it.
    private mutating func fill() throws(LedgerError) {
        buffer.removeSubrange(0..<start)
        start = 0
        let count = try file.read(into: &chunk)
        if count == 0 { isAtEnd = true }
        buffer.append(contentsOf: chunk[0..<count])
    }

    private func endOfLine(from scanned: Int) -> Int? {
        var next = scanned
        while next < buffer.count {
            if buffer[next] == UInt8(ascii: "\n") { return next }
            next += 1
        }
        return nil
    }

    private mutating func endOfRecord(from scanned: inout Int, _ place: inout Place) -> Int? {
        while scanned < buffer.count {
            let byte = buffer[scanned]
            switch place {
            case .quoted:
                if byte == UInt8(ascii: "\"") { place = .afterQuote }
                if byte == UInt8(ascii: "\n") { line += 1 }
            case .afterQuote where byte == UInt8(ascii: "\""): place = .quoted
            case .fieldStart where byte == UInt8(ascii: "\""): place = .quoted
            case .fieldStart, .unquoted, .afterQuote:
                if byte == UInt8(ascii: "\n") { return scanned }
                place = byte == UInt8(ascii: ",") ? .fieldStart : .unquoted
            }
            scanned += 1
        }
        return nil
    }
}
