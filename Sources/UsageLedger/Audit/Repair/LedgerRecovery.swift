import Foundation
import LMDB

/// One recovery.
struct LedgerRecovery {
    /// Bytes of segments in a transaction.
    private static let transactionBytes = 16 << 20

    private let sources: [SegmentSource]
    private let chain: SegmentChain
    private let damaged: String
    /// The last entry that the damaged ledger is known to have reached.
    private let least: SequenceNumber

    init(damaged: String, shipments: [String], replica: String?) throws {
        guard access(damaged + "/data.mdb", F_OK) == 0 else {
            throw LedgerError(.ledgerMissing, "there is no ledger in '\(damaged)'; name the damaged one's directory")
        }
        var sources = [try SegmentSource(ledger: damaged, number: 0)]
        for path in shipments { sources.append(try SegmentSource(shipment: path, number: sources.count)) }
        if let replica { sources.append(try SegmentSource(ledger: replica, number: sources.count)) }
        self.sources = sources
        self.damaged = damaged
        let found = sources.flatMap(\.found)
        least = try TailWitness(directory: damaged).read()?.lastSequenceNumber ?? .zero
        // Where the damaged ledger's own end is known, nothing that only lies about behind it counts, but for what the ledger
        // is known to have reached.
        let end =
            sources[0].knowsEnd
            ? max(least, found.filter(\.isNamed).map(\.header.lastSequenceNumber).max() ?? .zero) : nil
        chain = SegmentChain(found, through: end)
        guard !chain.segments.isEmpty else {
            throw LedgerError.damaged("no segment can be read in '\(damaged)'; restore a backup")
        }
    }

    func run(into directory: String) throws -> Recovery {
        let scratch = BackupDirectory.scratch(for: directory)
        guard mkdir(scratch, 0o755) == 0 else {
            guard errno == EEXIST else { throw LedgerError.system("create '\(scratch)'", errno) }
            throw LedgerError(.ledgerExists, "'\(scratch)' is left of a recovery that was cut short; remove it")
        }
        do {
            let recovery = try build(in: scratch)
            try StoredFile.sync(scratch)
            try StoredFile.rename(scratch, to: directory)
            return recovery
        } catch {
            BackupDirectory.remove(scratch)
            throw error
        }
    }

    private func build(in scratch: String) throws -> Recovery {
        let files = try LedgerFiles.open(at: scratch, readOnly: false, mayCreate: true, mapSizeBytes: 1 << 40)
        defer { files.environment.close() }
        let changed = try write(into: files)
        let (tail, digest) = try files.storeViews(projectors: [])
        let verification = try LedgerVerifier(files: files, projectors: []).run { _, _ in }
        let own = chain.segments.count { $0.source == 0 }
        let isEndReached = chain.segments.count >= sources[0].segmentCount
        return Recovery(
            sequenceNumber: tail.lastSequenceNumber, segments: own, segmentsFromElsewhere: chain.segments.count - own,
            lost: chain.gaps,
            lostAtEnd: chain.last < least ? chain.last.advanced(by: 1)...least : nil,
            segmentsLostAtEnd: segmentsLostAtEnd,
            endIsKnown: sources[0].knowsEnd || (chain.gaps.isEmpty && isEndReached && sources[0].segmentCount > 0),
            changed: changed, digest: digest.description,
            problem: verification.problem.map { Recovery.LedgerProblem(message: $0.message) })
    }

    /// Segments behind the last one found: by their names, or, where not all names are left, by their number.
    private var segmentsLostAtEnd: Int {
        if sources[0].knowsEnd { return sources[0].names.count { $0 > chain.last } }
        return chain.gaps.isEmpty ? max(0, sources[0].segmentCount - chain.segments.count) : 0
    }

    /// - Returns: the entries that had to be changed.
    private func write(into files: LedgerFiles) throws -> [SequenceNumber] {
        let stretches = try stretches()
        var mender = SegmentMender(gaps: chain.gaps)
        var waiting: [PackedSegment] = []
        var waitingBytes = 0
        func flush() throws {
            try files.append(waiting)
            waiting.removeAll()
            waitingBytes = 0
        }
        func add(_ segments: [PackedSegment]) throws {
            waiting.append(contentsOf: segments)
            waitingBytes += segments.reduce(0) { $0 + $1.bytes.count }
            if waitingBytes > Self.transactionBytes { try flush() }
        }
        var nextGap = 0
        for found in chain.segments {
            if nextGap < chain.gaps.count, chain.gaps[nextGap].upperBound < found.header.firstSequenceNumber {
                try add(
                    mender.fill(
                        chain.gaps[nextGap], recordedAt: found.header.recordedAt, before: stretches[nextGap]))
                nextGap += 1
            }
            let bytes = try sources[found.source].bytes(of: found)
            try add(
                mender.take(found.header, bytes) { target in
                    // What is asked for may wait to be written.
                    try flush()
                    var reader = EntryReader(files.log, try SharedRead(files.environment))
                    return try reader.entry(at: target)?.entry.usage?.effect
                })
        }
        try flush()
        return mender.changed
    }

    /// What is needed of each gap by the entries behind it.
    private func stretches() throws -> [SegmentMender.Stretch] {
        var stretches = chain.gaps.map { _ in SegmentMender.Stretch() }
        for found in chain.segments {
            let place = chain.gaps.count { $0.upperBound < found.header.firstSequenceNumber } - 1
            guard place >= 0 else { continue }
            let bytes = try sources[found.source].bytes(of: found)
            try Segment.forEachEntry(in: bytes.span.bytes, header: found.header) { number, range in
                let entry = try EventLog.decode(bytes.span.bytes.extracting(range), at: number)
                stretches[place].look(at: entry)
                return true
            }
        }
        return stretches
    }
}
