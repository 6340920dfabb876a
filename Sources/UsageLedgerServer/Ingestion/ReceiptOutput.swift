import UsageLedger

/// Writes receipts as they come, in an envelope or as bare lines.
struct ReceiptOutput {
    private let isLines: Bool
    private var isFirst = true
    private var tally = VerdictTally()

    init(isLines: Bool) {
        self.isLines = isLines
    }

    func begin() -> [UInt8] { isLines ? [] : Array("{\"success\":true,\"data\":[\n".utf8) }

    mutating func receipts(_ verdicts: Verdicts) -> [UInt8] {
        var bytes: [UInt8] = []
        // About what a receipt with an id of 36 characters takes.
        bytes.reserveCapacity(verdicts.count * 128)
        for verdict in verdicts {
            tally.add(verdict)
            if !isLines, !isFirst { bytes.append(UInt8(ascii: ",")) }
            isFirst = false
            var writer = JSONWriter(appendingTo: exchange(&bytes, with: []))
            writer.verdict(verdict)
            bytes = writer.takeBytes()
            bytes.append(UInt8(ascii: "\n"))
        }
        return bytes
    }

    func end(at now: Timestamp) -> [UInt8] {
        if isLines { return [] }
        var writer = JSONWriter(appendingTo: Array("],\"metadata\":".utf8))
        writer.metadata(at: now) { $0.tally(tally) }
        return writer.bytes + Array("}".utf8)
    }
}
