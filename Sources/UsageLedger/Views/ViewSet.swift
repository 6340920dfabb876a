import LMDB

/// All views of a ledger over one generation of tables: folded together, flushed together with their checkpoint.
///
/// What the views say is the stored rows and, over them, the fold of the log after the checkpoint. Opening, recovering,
/// reading from a second process and replaying are the same thing: take the rows at the checkpoint, fold the rest.
final class ViewSet {
    let symbols: SymbolView
    let declarations: DeclarationView
    let alerts: AlertView
    let summaries: DailySummaryView
    let budgets: BudgetView
    let adjustments: AdjustmentView
    let unpriced: UnpricedView
    let meters: MeterView
    let leads: LeadView
    let eventIndex: EventIndexView
    let eventIDs: EventIDView

    /// The ledger's views, in the order they are folded: budgets look at what summaries say before the same batch.
    private let views: [any View]
    private let projectors: [ProjectorView]

    private let checkpoints: TypedTable<TextRow, Checkpoint>
    private let environment: Environment
    let generation: ViewTables.Generation

    /// Up to where the stored rows are folded.
    private(set) var checkpoint: SequenceNumber = .zero
    /// Up to where the views are folded in memory.
    private(set) var head: SequenceNumber = .zero
    /// Entries folded in memory since the checkpoint.
    private(set) var entriesSinceCheckpoint = 0
    /// Usage entries that this value has folded, replacements included.
    private(set) var foldedEvents: UInt64 = 0
    private var batch = UsageBatch()

    /// The tables of the ledger's own views. They are made together, so that new views take one commit and not one a table.
    static let tableNames = [
        "symbols", "symbols-by-text", "categories", "rates", "providers", "budgets", "settings", "alerts",
        "daily-summaries", "agents", "budget-states", "adjustments", "unpriced", "meters", "leads", "event-index",
        "event-id-runs", "event-ids", "checkpoints",
    ]

    init(_ tables: ViewTables, projectors: [any Projector] = []) throws {
        try tables.create(Self.tableNames)
        symbols = try SymbolView(tables)
        declarations = try DeclarationView(tables)
        alerts = try AlertView(tables)
        summaries = try DailySummaryView(tables)
        budgets = try BudgetView(tables, declarations: declarations, summaries: summaries, alerts: alerts)
        adjustments = try AdjustmentView(tables)
        unpriced = try UnpricedView(tables)
        meters = try MeterView(tables)
        leads = try LeadView(tables)
        eventIndex = try EventIndexView(tables)
        eventIDs = try EventIDView(tables)
        views = [
            symbols, declarations, alerts, budgets, summaries, adjustments, unpriced, meters, leads, eventIndex,
            eventIDs,
        ]
        self.projectors = try projectors.map { try ProjectorView($0, tables) }
        checkpoints = TypedTable(try tables.table("checkpoints"))
        environment = tables.environment
        generation = tables.generation
    }

    /// Reads the checkpoint that the stored rows stand at: zero for views that were never stored.
    ///
    /// - Returns: false when a view is missing or of another version, so that all must be rebuilt.
    func loadCheckpoint(in transaction: borrowing some Transaction & ~Copyable) throws -> Bool {
        if try !hasCheckpoint(in: transaction) { return true }
        var found: Set<SequenceNumber> = []
        for view in views {
            guard let stored = try checkpoints.value(for: TextRow(type(of: view).name), in: transaction),
                stored.version == type(of: view).version
            else { return false }
            found.insert(stored.sequenceNumber)
        }
        guard found.count == 1, let sequenceNumber = found.first else {
            throw LedgerError.damaged("the views' checkpoints differ; run replay --rebuild")
        }
        checkpoint = sequenceNumber
        head = sequenceNumber
        return true
    }

    /// Whether any view was ever stored.
    func hasCheckpoint(in transaction: borrowing some Transaction & ~Copyable) throws -> Bool {
        for view in views where try checkpoints.value(for: TextRow(type(of: view).name), in: transaction) != nil {
            return true
        }
        return false
    }

    /// The checkpoint that is stored; nil before the first flush.
    func storedCheckpoint(in transaction: borrowing some Transaction & ~Copyable) throws -> SequenceNumber? {
        try checkpoints.value(for: TextRow(SymbolView.name), in: transaction)?.sequenceNumber
    }

    /// The projectors whose rows do not stand at the views' checkpoint: new ones, changed ones, and those that the ledger
    /// was opened without for a while.
    func laggingProjectors(in transaction: borrowing some Transaction & ~Copyable) throws -> [ProjectorView] {
        try projectors.filter { projector in
            let stored = try checkpoints.value(for: TextRow(projector.name), in: transaction)
            return stored?.version != projector.version || stored?.sequenceNumber != checkpoint
        }
    }

    /// Folds the log up to the checkpoint into one projector alone.
    func fold(into projector: ProjectorView, _ log: EventLog, _ stored: SharedRead) throws {
        let names = EntryNames(texts: symbols.texts, stored: stored)
        try log.forEachSegment(from: SequenceNumber(1), in: stored.transaction) { header, segment in
            guard header.firstSequenceNumber <= checkpoint else { return false }
            try Segment.forEachEntry(in: segment, header: header) { sequenceNumber, range in
                guard sequenceNumber <= checkpoint else { return false }
                let entry = try EventLog.decode(segment.extracting(range), at: sequenceNumber)
                let context = FoldContext(
                    sequenceNumber: sequenceNumber, recordedAt: header.recordedAt, stored: stored)
                if let recorded = try names.entry(entry, at: sequenceNumber, recordedAt: header.recordedAt) {
                    try projector.fold(recorded, context)
                }
                return true
            }
            return true
        }
    }

    /// Removes a projector's rows together with its checkpoint, so that what interrupts the catching up begins it again.
    func clear(_ projector: ProjectorView, in transaction: borrowing WriteTransaction) throws {
        try projector.clear(in: transaction)
        try checkpoints.remove(TextRow(projector.name), in: transaction)
    }

    /// Stores one projector alone, at the checkpoint of the views.
    func flush(_ projector: ProjectorView, into transaction: borrowing WriteTransaction) throws {
        precondition(head == checkpoint, "a projector catches up before anything else is folded")
        try flush(projector.name, projector.version, into: transaction) { transaction, writer in
            try projector.flush(into: transaction, &writer)
        }
    }

    /// The tables whose rows depend on the log alone, byte for byte: all but the index of ids, which may lie in other runs.
    var comparedTables: [(view: String, table: Table)] {
        views.filter { !($0 is EventIDView) }.flatMap { view in view.tables.map { (type(of: view).name, $0) } }
            + projectors.map { ($0.name, $0.table.table) }
    }

    /// The names that the views have in their checkpoints.
    var viewNames: [String] { views.map { type(of: $0).name } + projectors.map(\.name) }

    /// The stored checkpoints in the order of ``viewNames``; nil for views that were never stored.
    func storedCheckpoints(in transaction: borrowing some Transaction & ~Copyable) throws -> [Checkpoint?] {
        var stored: [Checkpoint?] = []
        for name in viewNames { stored.append(try checkpoints.value(for: TextRow(name), in: transaction)) }
        return stored
    }

    /// The tables of all views, and the checkpoints'.
    var tables: [Table] { views.flatMap(\.tables) + projectors.map(\.table.table) + [checkpoints.table] }

    func projector(named name: String) -> ProjectorView? { projectors.first { $0.name == "custom." + name } }

    // MARK: Folding

    /// Folds the entries of a checked segment that lie behind the head, up to the entry `last`.
    ///
    /// - Throws: ``LedgerError`` with code `damaged` naming the entry, and what a projector throws.
    func fold(
        _ header: SegmentHeader, _ segment: RawSpan, stored: SharedRead,
        through last: SequenceNumber = SequenceNumber(.max)
    ) throws {
        var context = FoldContext(sequenceNumber: head, recordedAt: header.recordedAt, stored: stored)
        batch.removeAll()
        try Segment.forEachEntry(in: segment, header: header) { sequenceNumber, range in
            guard sequenceNumber > head else { return true }
            guard sequenceNumber <= last else { return false }
            context.sequenceNumber = sequenceNumber
            do throws(CodecFailure) {
                try foldUsage(segment, range, at: sequenceNumber)
            } catch {
                throw LedgerError.damaged("entry \(sequenceNumber): \(error.explanation)", at: sequenceNumber)
            }
            if usageKind(segment, range) == nil {
                try foldBatch(segment, context)
                let entry = try EventLog.decode(segment.extracting(range), at: sequenceNumber)
                try fold(entry, segment, range, context)
            } else if !projectors.isEmpty {
                let entry = try EventLog.decode(segment.extracting(range), at: sequenceNumber)
                try foldIntoProjectors(entry, context)
            }
            return true
        }
        try foldBatch(segment, context)
        let end = min(header.lastSequenceNumber, last)
        if end > head {
            entriesSinceCheckpoint += Int(end.rawValue - head.rawValue)
            head = end
        }
    }

    /// The entry's kind where it is one of usage.
    private func usageKind(_ segment: RawSpan, _ range: Range<Int>) -> EntryCodec.Kind? {
        guard !range.isEmpty, let kind = EntryCodec.Kind(rawValue: segment.byte(at: range.lowerBound)), kind.isUsage
        else { return nil }
        return kind
    }

    /// Takes a usage entry into the batch; other kinds are left alone.
    private func foldUsage(
        _ segment: RawSpan, _ range: Range<Int>, at sequenceNumber: SequenceNumber
    ) throws(CodecFailure) {
        guard let kind = usageKind(segment, range) else { return }
        var position = range.lowerBound + 1
        try batch.appendUsage(segment, &position, withCharges: kind.hasCharges, at: sequenceNumber)
        guard position == range.upperBound else { throw .trailingBytes }
    }

    private func foldBatch(_ segment: RawSpan, _ context: FoldContext) throws {
        if batch.isEmpty { return }
        for view in views { try view.fold(batch, segment, context) }
        foldedEvents += UInt64(batch.movements.count { $0.isEvent })
        batch.removeAll()
    }

    private func fold(_ entry: Entry, _ segment: RawSpan, _ range: Range<Int>, _ context: FoldContext) throws {
        switch entry {
        case .void(let record):
            batch.appendReversal(of: record.effect, target: record.target, at: context.sequenceNumber)
            try foldBatch(segment, context)
        case .replacement(let record):
            batch.appendReversal(of: record.effect, target: record.target, at: context.sequenceNumber)
            do throws(CodecFailure) {
                let (place, withCharges) = try EntryCodec.usagePosition(ofReplacement: segment, range)
                var position = place
                try batch.appendUsage(segment, &position, withCharges: withCharges, at: context.sequenceNumber)
            } catch {
                throw LedgerError.damaged("entry \(context.sequenceNumber): \(error.explanation)")
            }
            try foldBatch(segment, context)
        case .rerating(let record):
            batch.appendReversal(of: record.effect, target: record.target, at: context.sequenceNumber)
            batch.appendRerating(to: record.newEffect, target: record.target, at: context.sequenceNumber)
            try foldBatch(segment, context)
        case .symbol, .usage, .category, .rate, .provider, .budget, .budgetRemoval, .setting, .acknowledgement,
            .lost:
            break
        }
        for view in views { try view.fold(entry, context) }
        try foldIntoProjectors(entry, context)
    }

    private func foldIntoProjectors(_ entry: Entry, _ context: FoldContext) throws {
        if projectors.isEmpty { return }
        let names = EntryNames(texts: symbols.texts, stored: context.stored)
        guard
            let recorded = try names.entry(entry, at: context.sequenceNumber, recordedAt: context.recordedAt)
        else { return }
        for projector in projectors { try projector.fold(recorded, context) }
    }

    // MARK: Flushing

    /// Writes all rows folded since the checkpoint and the checkpoint itself. Call ``didFlush()`` once it is committed.
    func flush(into transaction: borrowing WriteTransaction) throws {
        for view in views {
            try flush(type(of: view).name, type(of: view).version, into: transaction) { transaction, writer in
                try view.flush(into: transaction, &writer)
            }
        }
        for projector in projectors {
            try flush(projector.name, projector.version, into: transaction) { transaction, writer in
                try projector.flush(into: transaction, &writer)
            }
        }
    }

    private func flush(
        _ name: String, _ version: UInt32, into transaction: borrowing WriteTransaction,
        _ body: (borrowing WriteTransaction, inout RowWriter) throws -> Void
    ) throws {
        let former = try checkpoints.value(for: TextRow(name), in: transaction)
        var writer = RowWriter(digest: former?.digest ?? RowDigest())
        try body(transaction, &writer)
        try checkpoints.put(
            Checkpoint(sequenceNumber: head, version: version, digest: writer.digest), for: TextRow(name),
            in: transaction)
    }

    /// Forgets what was folded in memory: it is stored now.
    func didFlush() {
        for view in views { view.didFlush() }
        for projector in projectors { projector.didFlush() }
        checkpoint = head
        entriesSinceCheckpoint = 0
    }

    /// The digest over the ledger's own views as stored, projectors of services left out: the sum over their names and
    /// digests, in the form of ``RowDigest``.
    func storedDigest(in transaction: borrowing some Transaction & ~Copyable) throws -> RowDigest {
        var writer = RowWriter(digest: RowDigest())
        for view in views {
            let name = type(of: view).name
            var digest: [UInt8] = []
            try checkpoints.value(for: TextRow(name), in: transaction)?.digest.encode(into: &digest)
            writer.count(Array(name.utf8), digest, tag: 0)
        }
        return writer.digest
    }
}
