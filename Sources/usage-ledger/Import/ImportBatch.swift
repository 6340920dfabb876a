import UsageLedger

/// Events read from a file, to be recorded together, and the rows between them that are none.
struct ImportBatch: Sendable {
    /// Enough to share the cost of a commit, few enough to keep the other core busy.
    static let largest = 10_000

    /// What is known of the row that an event came from.
    struct Place: Sendable {
        var line: Int
        var row: Int
        /// The row as it stood; empty unless rejects are kept.
        var raw: [UInt8]
    }

    private(set) var events: [UsageEvent] = []
    /// Where each event came from.
    private(set) var places: [Place] = []
    /// Rows that are no events.
    private(set) var rejections: [Rejection] = []

    init() {}

    var isEmpty: Bool { events.isEmpty && rejections.isEmpty }

    /// Reads on. The batch ends when it is full, with the file, or after the first row that is no event if it shall.
    init(
        from reader: inout EventFileReader, endingAtFirstRejection endsAtRejection: Bool, keepingRaw keepsRaw: Bool
    ) throws(LedgerError) {
        events.reserveCapacity(Self.largest)
        places.reserveCapacity(Self.largest)
        while events.count + rejections.count < Self.largest, let record = try reader.next() {
            switch record.result {
            case .success(let event):
                events.append(event)
                places.append(Place(line: record.line, row: record.row, raw: keepsRaw ? record.raw : []))
            case .failure(let error):
                rejections.append(
                    Rejection(
                        line: record.line, row: record.row, column: record.column, raw: keepsRaw ? record.raw : [],
                        reason: error))
                if endsAtRejection { return }
            }
        }
    }

    /// The row of the event at `index`, which the ledger refused.
    func rejection(at index: Int, _ reason: LedgerError) -> Rejection {
        Rejection(
            line: places[index].line, row: places[index].row, column: nil, raw: places[index].raw, reason: reason)
    }
}

/// A row that was not recorded, and why.
struct Rejection: Sendable {
    var line: Int
    var row: Int
    var column: Int?
    var raw: [UInt8]
    var reason: LedgerError

    /// `usage.csv, line 17, column 3: time: ...`.
    func inWords(file: String) -> String {
        let name = file == "-" ? "standard input" : file
        return "\(name), line \(line)\(column.map { ", column \($0)" } ?? ""): \(reason.message)"
    }
}

extension LedgerError {
    /// Whether the fault lies in the event, so that leaving it out helps.
    var isAboutEvent: Bool { [.invalidEvent, .idConflict, .unknownCategory, .outOfRange].contains(code) }
}
