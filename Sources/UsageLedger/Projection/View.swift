import LMDB

/// A projector of the ledger's own together with the rows it keeps: folds entries in memory, writes the rows now and then.
///
/// A fold is pure: what it does depends on the entries alone. It may read the rows of its own and of other views, which
/// are themselves folds of the same entries.
protocol View: AnyObject {
    /// Names the view in its checkpoint; never changes.
    static var name: String { get }
    /// Raised when the rows' layout or meaning changes, which makes the next opening rebuild them.
    static var version: UInt32 { get }

    /// The tables that hold the view's rows.
    var tables: [Table] { get }

    /// Folds a run of usage. `segment` holds the bytes that the batch points into.
    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) throws

    /// Folds an entry that is not usage. Of an adjustment, the movements come first, as a batch.
    func fold(_ entry: Entry, _ context: FoldContext) throws

    /// Writes what was folded since the checkpoint.
    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws

    /// Forgets what was folded: it is stored now.
    func didFlush()
}

extension View {
    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) throws {}
    func fold(_ entry: Entry, _ context: FoldContext) throws {}
}

/// What a fold may know beside the entries themselves.
struct FoldContext {
    /// The entry being folded; for a batch, its first.
    var sequenceNumber: SequenceNumber
    /// When the entry's segment was recorded.
    var recordedAt: Timestamp
    /// Stored rows, as of the views' checkpoint.
    var stored: SharedRead
}

/// The tables that views keep their rows in. A rebuild writes another generation of them beside the present one.
struct ViewTables {
    let environment: Environment
    let generation: Generation

    enum Generation: UInt8, CaseIterable, Sendable {
        case first = 1
        case second = 2

        var other: Generation { self == .first ? .second : .first }

        /// What the names of its tables begin with.
        var prefix: String { "views\(rawValue)." }
    }

    /// Makes the tables of these names, in one transaction, where the last of them is missing.
    func create(_ names: [String]) throws {
        guard let last = names.last, try environment.openTable(generation.prefix + last) == nil else { return }
        try environment.write { transaction in
            for name in names { _ = try transaction.createTable(generation.prefix + name) }
        }
    }

    /// Whether one of these tables is missing.
    func lacksAny(of names: [String]) throws(LMDBError) -> Bool {
        for name in names where try environment.openTable(generation.prefix + name) == nil { return true }
        return false
    }

    func table(_ name: String) throws(LMDBError) -> Table {
        let name = generation.prefix + name
        if let table = try environment.openTable(name) { return table }
        return try environment.createTable(name)
    }
}
