/// The records of a file, cut byte by byte: a byte-order mark is none of them, and a line end at the very end starts none.
struct NaiveRecords {
    private(set) var records: [(line: Int, bytes: [UInt8])] = []

    private var (line, startLine) = (1, 1)
    /// Whether a field is open that starts with a quote, and how many quotes it had.
    private var quotes = 0
    private var isFieldStart = true

    /// - Parameter hasQuotes: whether line ends between double quotes belong to the record, as in CSV.
    init(of bytes: [UInt8], hasQuotes: Bool) {
        var start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        for place in start..<bytes.count {
            let byte = bytes[place]
            let isOutside = quotes % 2 == 0
            if byte == UInt8(ascii: "\n") { line += 1 }
            if byte == UInt8(ascii: "\n"), isOutside {
                endRecord(bytes[start..<place])
                start = place + 1
                continue
            }
            if hasQuotes, byte == UInt8(ascii: "\""), isFieldStart || quotes > 0 {
                quotes += 1
            } else if isOutside {
                quotes = 0
            }
            isFieldStart = isOutside && byte == UInt8(ascii: ",")
        }
        if start < bytes.count { endRecord(bytes[start...]) }
    }

    private mutating func endRecord(_ record: ArraySlice<UInt8>) {
        records.append((startLine, Array(record.last == UInt8(ascii: "\r") ? record.dropLast() : record)))
        (startLine, quotes, isFieldStart) = (line, 0, true)
    }
}
