import LMDB

@testable import UsageLedger

/// What the targets of event files have in common.
enum EventLaws {
    /// What becomes of a record.
    enum Verdict: Equatable {
        case event(UsageEvent)
        case refused(LedgerError.Code, String, field: String?, column: Int?)

        init(_ decode: () throws(FormatFailure) -> UsageEvent) {
            do throws(FormatFailure) {
                self = .event(try decode())
            } catch {
                let told = error.ledgerError
                self = .refused(told.code, told.message, field: told.field, column: error.column)
            }
        }

        /// What the way that files are imported says of the record at `index`.
        init(_ decoder: inout EventDecoder, _ index: Int, of batch: EventFileBatch) {
            var events: [UsageEvent] = []
            if let fault = decoder.decode(index, of: batch, into: &events) {
                self = .refused(fault.error.code, fault.error.message, field: fault.error.field, column: fault.column)
            } else {
                self = .event(events[0])
            }
        }
    }

    /// Cuts `input` into records in small chunks, and checks that they are those that are found byte by byte.
    static func batch(_ input: [UInt8], in scratch: InputScratch, hasQuotes: Bool) throws -> EventFileBatch {
        let chunkBytes = 1 + Int(CRC32C.of(input)) % (input.count + 8)
        var cutter = try RecordCutter(scratch.file(of: input), hasQuotes: hasQuotes, chunkBytes: chunkBytes)
        var batch = EventFileBatch()
        let expected = NaiveRecords(of: input, hasQuotes: hasQuotes).records
        while let record = try cutter.next() {
            let bytes = cutter.bytes(of: record)
            guard batch.places.count < expected.count else {
                throw BrokenLaw(description: "a file has no more records than are found byte by byte")
            }
            let (line, naive) = expected[batch.places.count]
            try hold(record.line == line && bytes == naive, "records end where they end byte by byte")
            let start = batch.bytes.count
            batch.bytes += bytes
            batch.bytes.append(UInt8(ascii: "\n"))
            batch.places.append(
                EventFileBatch.Place(
                    range: start..<start + bytes.count, line: line, row: batch.places.count, fileEnd: record.fileEnd,
                    kind: .event))
            if record.line % 2 == 0 { _ = cutter.takeBytes() }
        }
        try hold(batch.count == expected.count, "a file has all records that are found byte by byte")
        try hold(cutter.bytesRead == input.count, "a file is read to its end")
        return batch
    }

    /// An event comes back from the JSON that it is written as.
    static func checkJSON(of event: UsageEvent) throws {
        var bytes: [UInt8] = []
        EventJSON.encode(event, into: &bytes)
        try hold(
            try EventJSON.decode(bytes) == event,
            "an event comes back from its JSON: \(String(decoding: bytes, as: UTF8.self))")
    }
}

extension CRC32C {
    fileprivate static func of(_ bytes: [UInt8]) -> UInt32 {
        var crc = CRC32C()
        crc.update(bytes.span.bytes)
        return crc.value
    }
}
