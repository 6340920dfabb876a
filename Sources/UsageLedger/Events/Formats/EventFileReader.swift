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
    private let csv: EventCSV?
    private var row = 0
    /// What the file could not be read on for; told once the records before it are given.
    private var failure: LedgerError?

    /// What ``next()`` gives records of, and decodes them with.
    private var batch = EventFileBatch()
    private var nextOfBatch = 0
    private var decoder: EventDecoder?

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
        var csv: EventCSV?
        if format == .csv {
            guard let record = try cutter.next(), !record.isTooLong, !record.range.isEmpty else {
                throw LedgerError(
                    .invalidArgument, "header: '\(path)' does not start with a header row", field: "header")
            }
            let bytes = Array(cutter.takeBytes()[record.range])
            header = bytes
            csv = try EventCSV(header: bytes, mapping: mapping)
        }
        self.format = format
        self.csv = csv
        bytesRead = cutter.bytesRead
        self.cutter = cutter
        csvHeader = header
    }

    /// The next record, or nil at the end of the file; blank lines are passed over.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/inputOutput`` when the file cannot be read on.
    public mutating func next() throws(LedgerError) -> EventFileRecord? {
        if nextOfBatch == batch.count {
            guard let next = try nextBatch(of: Self.recordsAtHand, isFilling: false) else { return nil }
            batch = next
            nextOfBatch = 0
        }
        let index = nextOfBatch
        nextOfBatch += 1
        bytesRead = batch.places[index].fileEnd
        if nextOfBatch == batch.count { bytesRead = cutter.bytesRead }
        var decoder = self.decoder.take() ?? makeDecoder()
        var events: [UsageEvent] = []
        let fault = decoder.decode(index, of: batch, into: &events)
        self.decoder = decoder
        return EventFileRecord(
            line: batch.line(index), row: batch.row(index), column: fault?.column, raw: batch.raw(index),
            result: fault.map { .failure($0.error) } ?? .success(events[0]))
    }

    /// Bytes of the file that the records so far have taken, for showing progress.
    public private(set) var bytesRead: Int

    /// The file's length in bytes, or nil when it is not known, as for a pipe.
    public var totalBytes: Int? { cutter.totalBytes }

    // MARK: Batches

    private static let recordsAtHand = 1000
    /// A batch ends with the record that goes beyond so many bytes, however few there are: 4 MiB.
    private static let batchBytes = 4 << 20

    /// Decodes the batches of this file.
    package func makeDecoder() -> EventDecoder { EventDecoder(format: format, csv: csv) }

    /// Up to `largest` records that follow, not decoded; nil at the end of the file. Not to be mixed with ``next()``.
    ///
    /// What keeps the file from being read on is thrown once the records before it are given.
    package mutating func nextBatch(of largest: Int) throws(LedgerError) -> EventFileBatch? {
        try nextBatch(of: largest, isFilling: true)
    }

    /// - Parameter isFilling: whether to wait for bytes as long as there is room, or only for the first record.
    private mutating func nextBatch(of largest: Int, isFilling: Bool) throws(LedgerError) -> EventFileBatch? {
        var places: [EventFileBatch.Place] = []
        places.reserveCapacity(largest)
        do throws(LedgerError) {
            if let failure = failure.take() { throw failure }
            while places.count < largest, cutter.bytesAtHand < Self.batchBytes || places.isEmpty,
                let record = try cutter.next(isFilling: isFilling || places.isEmpty)
            {
                place(record, in: &places)
                if places.isEmpty, cutter.bytesAtHand >= Self.batchBytes { _ = cutter.takeBytes() }
            }
        } catch {
            if places.isEmpty { throw error }
            failure = error
        }
        if places.isEmpty {
            bytesRead = cutter.bytesRead
            return nil
        }
        return EventFileBatch(bytes: cutter.takeBytes(), places: places)
    }

    /// Adds the events of a record: none of a blank line, several of a batch.
    private mutating func place(_ record: RecordCutter.Record, in places: inout [EventFileBatch.Place]) {
        func add(_ range: Range<Int>, _ kind: EventFileBatch.Place.Kind = .event) {
            row += 1
            places.append(
                EventFileBatch.Place(range: range, line: record.line, row: row, fileEnd: record.fileEnd, kind: kind))
        }
        if record.isTooLong { return add(record.range, .tooLong) }
        switch format {
        case .ndjson: if cutter.firstVisibleByte(of: record) != nil { add(record.range) }
        case .csv: if !record.range.isEmpty { add(record.range) }
        case .cloudevents:
            guard let first = cutter.firstVisibleByte(of: record) else { return }
            guard first == UInt8(ascii: "[") else { return add(record.range) }
            // A batch that is no JSON is refused as a whole.
            guard let elements = try? CloudEvents.elements(ofBatch: cutter.bytes(of: record)) else {
                return add(record.range, .brokenBatch)
            }
            for element in elements {
                let start = record.range.lowerBound
                add(start + element.lowerBound..<start + element.upperBound)
            }
        }
    }
}
