import UsageLedger

/// Rows of a file, decoded and prepared to be recorded together, and those among them that cannot be.
struct ImportBatch: Sendable {
    /// Enough to share the cost of a commit, few enough to keep the other core busy.
    static let largest = 10_000
    /// The first batch of a file is smaller: see ``FileImport``.
    static let first = 1000

    private let rows: EventFileBatch
    /// Which row each event came from.
    private var places: [Int] = []
    /// What a service is to record; empty where the ledger itself is at hand.
    private(set) var events: [UsageEvent] = []
    /// What can be recorded as far as is known before; nil where nothing can.
    private(set) var prepared: Ledger.PreparedBatch?
    /// Rows that are no events, or that the ledger refuses whatever it holds; where the import stops at the first, just that
    /// one, and no event behind it is prepared.
    private(set) var rejections: [Rejection] = []
    /// What keeps the ledger from taking events at all.
    private(set) var failure: LedgerError?

    /// Bytes of the file up to the batch's end.
    var bytesRead: Int { rows.bytesRead }

    init(_ rows: EventFileBatch, _ decoder: inout EventDecoder, for ledger: Ledger?, onError: OnError) {
        self.rows = rows
        var events: [UsageEvent] = []
        events.reserveCapacity(rows.count)
        places.reserveCapacity(rows.count)
        for row in 0..<rows.count {
            if let fault = decoder.decode(row, of: rows, into: &events) {
                rejections.append(rejection(ofRow: row, column: fault.column, fault.error))
                if onError == .stop { break }
            } else {
                places.append(row)
            }
        }
        guard let ledger else {
            self.events = events
            return
        }
        switch onError {
        case .stop: prepareUntilFirstFault(events, ledger)
        case .skip:
            do throws(LedgerError) { prepared = try ledger.prepareEach(events) } catch { failure = error }
        }
    }

    private mutating func prepareUntilFirstFault(_ events: [UsageEvent], _ ledger: Ledger) {
        var events = events
        while !events.isEmpty {
            do throws(LedgerError) {
                prepared = try ledger.prepareBatch(events)
                return
            } catch {
                guard error.isAboutEvent, let index = error.index, index < events.count else {
                    failure = error
                    return
                }
                rejections = [rejection(at: index, error)]
                events.removeSubrange(index...)
            }
        }
    }

    /// The row of the event at `index`, which the ledger refused.
    func rejection(at index: Int, _ reason: LedgerError) -> Rejection {
        rejection(ofRow: places[index], column: nil, reason)
    }

    private func rejection(ofRow row: Int, column: Int?, _ reason: LedgerError) -> Rejection {
        Rejection(line: rows.line(row), row: rows.row(row), column: column, raw: rows.raw(row), reason: reason)
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
