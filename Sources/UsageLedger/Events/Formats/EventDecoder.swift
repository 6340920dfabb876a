/// Decodes the records of one file's batches. Several can be at work on batches of the same file.
package struct EventDecoder: Sendable {
    private let format: EventFormat
    private var json = PlainJSON()
    private var csv: EventCSV?
    private var plainCSV: PlainCSV?

    init(format: EventFormat, csv: EventCSV?) {
        self.format = format
        self.csv = csv
        plainCSV = csv.flatMap { PlainCSV($0) }
    }

    /// Adds the event that the record at `index` is, or says why it is none.
    package mutating func decode(
        _ index: Int, of batch: EventFileBatch, into events: inout [UsageEvent]
    ) -> EventFileFault? {
        let place = batch.places[index]
        if place.kind == .event {
            let bytes = batch.bytes.span.bytes
            switch format {
            case .ndjson:
                if let event = json.event(bytes, in: place.range) {
                    events.append(event)
                    return nil
                }
            case .csv:
                if let event = plainCSV?.event(bytes, in: place.range, row: place.row) {
                    events.append(event)
                    return nil
                }
            case .cloudevents: break
            }
        }
        do throws(FormatFailure) {
            events.append(try decodeStrictly(place, batch.bytes))
            return nil
        } catch {
            return EventFileFault(error: error.ledgerError, column: error.column)
        }
    }

    /// Decodes what is not spelled the plain way, or is at fault.
    private mutating func decodeStrictly(
        _ place: EventFileBatch.Place, _ bytes: [UInt8]
    ) throws(FormatFailure) -> UsageEvent {
        if place.kind == .tooLong {
            let hint = format == .csv ? "; is a quote not closed?" : ""
            throw FormatFailure(.refused("the record is longer than \(RecordCutter.recordBytes) bytes\(hint)"))
        }
        switch format {
        case .ndjson: return try EventJSON.decodeRecord(bytes, in: place.range)
        case .csv:
            guard let event = try csv?.decode(Array(bytes[place.range]), row: place.row) else {
                preconditionFailure("a CSV file is read without its header")
            }
            return event
        case .cloudevents:
            let record = Array(bytes[place.range])
            if place.kind == .brokenBatch {
                _ = try CloudEvents.elements(ofBatch: record)
                preconditionFailure("a batch was found to be no JSON before")
            }
            return try CloudEvents.decodeRecord(record)
        }
    }
}

/// Why a record is no event.
package struct EventFileFault {
    package var error: LedgerError
    /// As ``EventFileRecord/column``.
    package var column: Int?
}
