import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Damage to the index of ids is reported, by whoever comes across it, and never a trap.
@Suite(.bounded) struct EventIDDamageTests {
    private static func filled() throws -> EventIDIndex {
        let index = try EventIDIndex(EventIDIndex.small)
        var random = SeededRandom(seed: 9)
        for number in 1...600 as ClosedRange<UInt64> {
            index.view.insert(random.next(), SequenceNumber(number))
            if number % 30 == 0 { try index.flush() }
        }
        #expect(try index.runs().contains { $0.isMerging } || index.runs().count > 3)
        return index
    }

    /// Whether the index says that something is damaged.
    private static func isDamaged(_ index: EventIDIndex) throws -> Bool {
        do {
            return try index.storedDigest() != index.digest
        } catch let error as LMDBError {
            #expect(error.code == .damaged)
            return true
        }
    }

    @Test func `each row of places and filters that is changed, cut, longer or gone is found`() throws {
        let index = try Self.filled()
        var random = SeededRandom(seed: 10)
        for (key, value) in try index.rows() {
            var changed = value
            let place = Int.random(in: value.indices, using: &random)
            changed[place] ^= UInt8.random(in: 1...255, using: &random)
            for damaged in [changed, Array(value.dropLast()), Array(value.dropLast(9)), value + [0], [], nil] {
                try index.set(damaged, for: key)
                #expect(try Self.isDamaged(index), "\(key): \(String(describing: damaged))")
                // Neither looking up nor merging traps.
                _ = try? index.hits(of: (0..<50).map { _ in random.next() })
            }
            try index.set(value, for: key)
        }
        #expect(try !Self.isDamaged(index))
    }

    @Test func `a filter that is gone is reported by a look-up that needs it`() throws {
        let index = try Self.filled()
        for run in try index.runs() where run.filter.blockCount > 0 {
            for chunk in 0..<run.filter.blockCount {
                try TableRows.set(nil, for: run.chunkKey(chunk), in: "event-ids", index.environment)
            }
        }
        try index.reopen()
        #expect { try index.numbers(of: 1 << 60) } throws: { ($0 as? LMDBError)?.code == .damaged }
    }

    @Test func `runs whose rows are damaged are reported at the next look-up`() throws {
        let index = try Self.filled()
        var random = SeededRandom(seed: 12)
        let rows = try TableRows.rows("event-id-runs", in: index.environment)
        for (key, value) in rows {
            for place in value.indices {
                var changed = value
                changed[place] ^= UInt8.random(in: 1...255, using: &random)
                try TableRows.set(changed, for: key, in: "event-id-runs", index.environment)
                try index.reopen()
                #expect { try index.numbers(of: 1) } throws: { ($0 as? LMDBError)?.code == .damaged }
            }
            try TableRows.set(value, for: key, in: "event-id-runs", index.environment)
        }
    }

    @Test func `a run that says less or more than it has is reported when it is read, also by a merge`() throws {
        for change in [-1, 1] {
            let index = try Self.filled()
            try index.environment.write { transaction in
                for var run in try index.runs() {
                    run.count += change
                    try index.runTable.put(EventIDRunRow(run), for: run.number, in: transaction)
                }
            }
            try index.reopen()
            #expect(try Self.isDamaged(index))
            var refusals = 0
            for number in 601...1000 as ClosedRange<UInt64> {
                index.view.insert(UInt64(number) &* 0x9E37_79B9_7F4A_7C15, SequenceNumber(number))
                do {
                    try index.flush()
                } catch let error as LMDBError {
                    #expect(error.code == .damaged)
                    refusals += 1
                }
            }
            #expect(refusals > 0, "change \(change)")
        }
    }

    @Test func `entries that a run cannot have are reported`() throws {
        let index = try EventIDIndex()
        for number in 1...100 as ClosedRange<UInt64> { index.view.insert(number << 30, SequenceNumber(number)) }
        try index.flush()
        let (key, value) = try #require(try index.rows().first)
        var changed = value
        // Behind the last entry of the run.
        changed[5] = 0xFF
        try index.set(changed, for: key)
        #expect { try index.numbers(of: 1 << 30) } throws: { ($0 as? LMDBError)?.code == .damaged }
        #expect(try Self.isDamaged(index))
    }
}
