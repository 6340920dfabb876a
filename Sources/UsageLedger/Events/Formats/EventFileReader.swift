/// Reads usage events from a file, one after the other, in constant memory.
///
/// A record that is no event does not end the reading: its ``EventFileRecord/result`` says what is wrong with it, and the
/// next record follows.
///
/// ```swift
/// var reader = try EventFileReader(path: "usage.ndjson", format: .ndjson)
/// while let record = try reader.next() {
///     switch record.result {
///     case .success(let event): events.append(event)
///     case .failure(let error): print("line \(record.line): \(error)")
///     }
/// }
/// ```
public struct EventFileReader: ~Copyable, Sendable {
    /// The format the file is read in.
    public let format: EventFormat
    /// The header row of a CSV file as it stood, without its line end; a file of rejects starts with it.
    public let csvHeader: [UInt8]?

    private var cutter: RecordCutter
    private var csv: EventCSV?
    private var row = 0
    /// Events of a CloudEvents batch that are still to be given, last one first.
    private var batch: [[UInt8]] = []
    private var batchLine = 0

    /// Opens the file at `path`, or standard input for `-`.
    ///
    /// `mapping` says how columns become fields; it is for ``EventFormat/csv`` only.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/inputOutput`` or
    ///   ``LedgerError/Code-swift.struct/permissionDenied`` when the file cannot be read, or
    ///   ``LedgerError/Code-swift.struct/invalidArgument`` when a CSV header does not fit the mapping.
    public init(path: String, format: EventFormat, mapping: CSVMapping = CSVMapping()) throws(LedgerError) {
        var cutter = try RecordCutter(try InputFile(path: path), hasQuotes: format == .csv)
        var header: [UInt8]?
        if format == .csv {
            guard let record = try cutter.next(), !record.isTooLong, !record.bytes.isEmpty else {
                throw LedgerError(
                    .invalidArgument, "header: '\(path)' does not start with a header row", field: "header")
            }
            header = record.bytes
            csv = try EventCSV(header: record.bytes, mapping: mapping)
        }
        self.format = format
        self.cutter = cutter
        csvHeader = header
    }

    /// The next record, or nil at the end of the file; blank lines are passed over.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/inputOutput`` when the file cannot be read on.
    public mutating func next() throws(LedgerError) -> EventFileRecord? {
        while true {
            if let event = batch.popLast() {
                return decoded(event, line: batchLine, CloudEvents.decodeRecord)
            }
            guard let record = try cutter.next() else { return nil }
            if record.isTooLong { return tooLong(record) }
            switch format {
            case .ndjson:
                if Self.isBlank(record.bytes) { continue }
                return decoded(record.bytes, line: record.line) { bytes throws(FormatFailure) in
                    try EventJSON.decodeRecord(bytes)
                }
            case .csv:
                if record.bytes.isEmpty { continue }
                return decodedCSV(record)
            case .cloudevents:
                guard let first = record.bytes.first(where: { !Self.isWhiteSpace($0) }) else { continue }
                if first != UInt8(ascii: "[") {
                    return decoded(record.bytes, line: record.line, CloudEvents.decodeRecord)
                }
                if let refused = openBatch(record) { return refused }
            }
        }
    }

    /// Bytes of the file that the records so far have taken, for showing progress.
    public var bytesRead: Int { cutter.bytesRead }

    /// The file's length in bytes, or nil when it is not known, as for a pipe.
    public var totalBytes: Int? { cutter.totalBytes }

    // MARK: Records

    private mutating func decoded(
        _ bytes: [UInt8], line: Int, _ decode: ([UInt8]) throws(FormatFailure) -> UsageEvent
    ) -> EventFileRecord {
        row += 1
        do throws(FormatFailure) {
            return EventFileRecord(line: line, row: row, column: nil, raw: bytes, result: .success(try decode(bytes)))
        } catch {
            return refused(bytes, line: line, error)
        }
    }

    private mutating func decodedCSV(_ record: RecordCutter.Record) -> EventFileRecord {
        row += 1
        do throws(FormatFailure) {
            guard let event = try csv?.decode(record.bytes, row: row) else {
                preconditionFailure("a CSV file is read without its header")
            }
            return EventFileRecord(line: record.line, row: row, column: nil, raw: record.bytes, result: .success(event))
        } catch {
            return refused(record.bytes, line: record.line, error)
        }
    }

    /// Takes the events of a batch; a batch that is no JSON is refused as a whole.
    private mutating func openBatch(_ record: RecordCutter.Record) -> EventFileRecord? {
        do throws(FormatFailure) {
            batch = try CloudEvents.elements(ofBatch: record.bytes).reversed().map { Array(record.bytes[$0]) }
            batchLine = record.line
            return nil
        } catch {
            row += 1
            return refused(record.bytes, line: record.line, error)
        }
    }

    private mutating func tooLong(_ record: RecordCutter.Record) -> EventFileRecord {
        row += 1
        let hint = format == .csv ? "; is a quote not closed?" : ""
        let clause = "the record is longer than \(RecordCutter.recordBytes) bytes\(hint)"
        return refused(record.bytes, line: record.line, FormatFailure(.refused(clause)))
    }

    private func refused(_ bytes: [UInt8], line: Int, _ failure: FormatFailure) -> EventFileRecord {
        EventFileRecord(line: line, row: row, column: failure.column, raw: bytes, result: .failure(failure.ledgerError))
    }

    private static func isBlank(_ bytes: [UInt8]) -> Bool { bytes.allSatisfy(isWhiteSpace) }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
