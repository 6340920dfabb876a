/// One record of a file of usage events: the event, or why it is none.
public struct EventFileRecord: Sendable {
    /// The line of the file on which the record starts, from 1.
    public var line: Int
    /// The number of the record, from 1; a CSV header and blank lines do not count.
    public var row: Int
    /// Where in a refused record the fault lies, when that is known: in CSV the field, else the byte of the JSON text, both
    /// from 1.
    public var column: Int?
    /// The record as it stood, without its line end, for a file of rejects. Of a record that is too long, its start.
    public var raw: [UInt8]
    /// The event; it is checked when it is recorded.
    public var result: Result<UsageEvent, LedgerError>
}
