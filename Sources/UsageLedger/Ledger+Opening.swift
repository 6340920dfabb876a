import Foundation
import LMDB
import Logging

extension Ledger {
    /// Opens the ledger in a directory, or makes one there.
    ///
    /// Takes the stored views at their checkpoint and folds what the log holds behind it: the same after a clean end and
    /// after a crash.
    /// - Throws: ``LedgerError``: `locked` naming the process that writes to it, `ledgerMissing`, `notALedger`,
    ///   `newerFormat`, `permissionDenied`, `diskFull`, `damaged`, `unknownTimeZone`.
    /// - Complexity: O(log n) in the log's length, plus the entries behind the checkpoint.
    public static func open(at path: String, options: Options = Options()) async throws(LedgerError) -> Ledger {
        do {
            switch options.access {
            case .readOnly: return try openForReading(path, options)
            case .readWrite: return try await openForWriting(path, options)
            }
        } catch {
            throw LedgerError.wrapping(error)
        }
    }

    private static func openForReading(_ path: String, _ options: Options) throws -> Ledger {
        try LedgerFiles.check(path, mayCreate: false)
        let files = try LedgerFiles.open(
            at: path, readOnly: true, mayCreate: false, mapSizeBytes: options.mapSizeBytes)
        let tables = files.viewTables(try files.positions().generation)
        for projector in options.projectors where try !ProjectorView.isStored(projector, tables) {
            throw LedgerError.laggingProjector(type(of: projector).name, path)
        }
        let opened = try files.openViews(projectors: options.projectors)
        guard opened.isComplete else { throw LedgerError.incompleteViews }
        let views = opened.views
        if let lagging = try views.laggingProjectors(in: opened.stored.transaction).first {
            throw LedgerError.laggingProjector(lagging.projectorName, path)
        }
        let state = LedgerState(files, views: views, projectors: options.projectors, isWriter: false)
        let declared = try DeclaredState(state.snapshot())
        return Ledger(
            path: path, options: options, shared: LedgerShared(state: state, declared: declared), writer: nil, lock: nil
        )
    }

    private static func openForWriting(_ path: String, _ options: Options) async throws -> Ledger {
        // Zones of a new ledger are checked before anything is made.
        _ = try TimeZoneRules(identifier: options.timeZone)
        try checkCurrency(options.currency)
        try Validation.checked(options.rateCard)
        if options.createsIfMissing { try makeDirectory(path) }
        try LedgerFiles.check(path, mayCreate: options.createsIfMissing)
        let lock = try ProcessLock(directory: path)
        let files = try LedgerFiles.open(
            at: path, readOnly: false, mayCreate: options.createsIfMissing, mapSizeBytes: options.mapSizeBytes)
        let (shared, snapshot) = try files.tellingFullDisks { try openMendingViews(files, options) }
        _ = shared.state.withViews { $0.alerts.takeFired() }  // what the log says already is no news
        let tail = try files.log.tail(in: snapshot.stored.transaction)
        // Of a ledger that was made without one, or whose last commit came just before a crash.
        if tail != .empty { _ = files.witness.note(tail) }
        let writer = LedgerWriter(
            shared, mailbox: Mailbox(handOverLimit: options.handOverLimit),
            settings: LedgerWriter.Settings(
                flushEntries: options.flushEntries, flushIdleSeconds: options.flushIdleSeconds,
                flushSeconds: options.flushSeconds, clock: options.clock, logger: options.logger),
            tail: tail, nextSymbol: try snapshot.nextSymbol())
        let ledger = Ledger(path: path, options: options, shared: shared, writer: writer, lock: lock)
        if tail == .empty { try await ledger.recordFirstEntries() }
        return ledger
    }

    private static func makeDirectory(_ path: String) throws(LedgerError) {
        if mkdir(path, 0o755) == 0 { return }
        let status = errno
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) {
            guard isDirectory.boolValue else {
                throw LedgerError(.notALedger, "'\(path)' is a file, not a ledger's directory")
            }
            return
        }
        throw .system("create '\(path)'", status)
    }

    /// What callers and writer share, with views that say what the log says.
    ///
    /// Stored views that cannot be read, are missing or of another version are built anew: they are a fold of the log,
    /// which alone must be whole.
    private static func openMendingViews(
        _ files: LedgerFiles, _ options: Options
    ) throws -> (shared: LedgerShared, snapshot: Snapshot) {
        let rebuild = ViewRebuild(files, projectors: options.projectors)
        let last = try files.positions().last
        do {
            let opened = try files.openViews(projectors: options.projectors)
            let isStored = try opened.views.hasCheckpoint(in: opened.stored.transaction)
            if opened.views.checkpoint <= last, opened.isComplete, isStored || last == .zero {
                return try open(opened.views, files, options)
            }
            // Views ahead of their log tell of entries that are lost: no rebuild brings them back.
            guard opened.views.checkpoint <= last else {
                throw LedgerError(
                    .damaged,
                    "the views stand at entry \(opened.views.checkpoint), but the log ends at \(last); "
                        + "restore a backup", sequenceNumbers: [last, opened.views.checkpoint])
            }
        } catch {
            let error = LedgerError.wrapping(error)
            guard error.code == .damaged, error.sequenceNumbers.isEmpty else { throw error }
            options.logger.warning("the stored views are damaged and are rebuilt from the log: \(error)")
        }
        let outcome = try rebuild.run()
        try rebuild.discard(outcome.former)
        return try open(files.openViews(projectors: options.projectors).views, files, options)
    }

    private static func open(
        _ views: sending ViewSet, _ files: LedgerFiles, _ options: Options
    ) throws -> (shared: LedgerShared, snapshot: Snapshot) {
        try ViewRebuild(files, projectors: options.projectors).catchUp(views)
        try views.fold(files.log, SharedRead(files.environment))
        let state = LedgerState(files, views: views, projectors: options.projectors, isWriter: true)
        let snapshot = try state.snapshot()
        return (LedgerShared(state: state, declared: try DeclaredState(snapshot)), snapshot)
    }

    /// What a new ledger's log begins with: its settings and its rate card.
    private func recordFirstEntries() async throws(LedgerError) {
        let options = options
        try await perform { _, builder in
            builder.append(
                .setting(SettingRecord(kind: .currency, agent: .none, value: options.currency)),
                declaring: .currency(options.currency))
            builder.append(
                .setting(SettingRecord(kind: .timeZone, agent: .none, value: options.timeZone)),
                declaring: .timeZone(agent: nil, identifier: options.timeZone))
            // The card's own order: of patterns that are equally specific, the one declared first prevails.
            for category in options.rateCard.categoriesInOrder {
                try builder.declare(category)
                for known in options.rateCard.history(of: category.name) { try builder.declare(known.rate) }
            }
            for provider in options.rateCard.providers { try builder.declare(provider) }
        }
    }

    static func checkCurrency(_ currency: String) throws(LedgerError) {
        guard currency.utf8.count == 3,
            currency.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) })
        else {
            throw .invalidArgument("currency", "'\(currency.prefix(20))' is not an ISO 4217 code such as USD")
        }
    }
}

extension LedgerError {
    fileprivate static func laggingProjector(_ name: String, _ path: String) -> LedgerError {
        .invalidArgument(
            "projectors", "'\(name)' is not up to date in '\(path)'; open the ledger for writing with it once")
    }
}
