import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

@Suite(.bounded) struct EventIDIndexTests {
    /// What the index must say: of each hash the entries that were put under its upper bits.
    private struct Model {
        var numbers: [UInt64: [SequenceNumber]] = [:]

        mutating func insert(_ hash: UInt64, _ number: SequenceNumber) {
            numbers[EventIDPlace.hash(of: hash), default: []].append(number)
        }

        func hits(of hashes: [UInt64]) -> [EventIDHit] {
            hashes.indices.flatMap { index in
                numbers(of: hashes[index]).map { EventIDHit(index: index, sequenceNumber: $0) }
            }
        }

        func numbers(of hash: UInt64) -> [SequenceNumber] { numbers[EventIDPlace.hash(of: hash)] ?? [] }
    }

    /// Hashes as they come, some of them crowded together and some twice.
    private static func hash(_ random: inout SeededRandom, _ known: [UInt64]) -> UInt64 {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: known.randomElement(using: &random) ?? 0
        case 1: 0x8000_0000_0000_0000 &+ UInt64.random(in: 0..<1 << 28, using: &random)
        case 2: [0, .max, 1 << 24, .max << 24].randomElement(using: &random)!
        default: random.next()
        }
    }

    @Test(arguments: LawRounds.seeds(6, from: 100))
    func `whatever is flushed, merged, given up and opened again, each id is found and no other`(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        var shape = EventIDIndex.small
        shape.mergeWidth = Int.random(in: 2...4, using: &random)
        shape.largestRun = Int.random(in: 10...80, using: &random)
        shape.blocksPerFilterChunk = Int.random(in: 1...3, using: &random)
        let index = try EventIDIndex(shape)
        // Sequence numbers that are too far apart for four bytes, now and then.
        let stride: UInt64 = seed % 2 == 0 ? 1 : 1 << 28
        var stored = Model()
        var model = Model()
        var known: [UInt64] = []
        var number: UInt64 = 0
        var greatestLevel: UInt8 = 0
        for step in 0..<160 {
            var batch = (0..<Int.random(in: 1...40, using: &random)).map { _ in Self.hash(&random, known) }
            if step % 40 == 0 { batch += (0..<400).map { _ in random.next() } }
            try #require(try index.hits(of: batch) == model.hits(of: batch), "seed \(seed), step \(step)")
            for hash in batch {
                number += UInt64.random(in: 1...3, using: &random) * stride
                index.view.insert(hash, SequenceNumber(number))
                model.insert(hash, SequenceNumber(number))
                known.append(hash)
            }
            switch Int.random(in: 0..<8, using: &random) {
            case 0: try index.flush(fails: true)
            case 1:
                try index.reopen()
                model = stored
            case 2: break
            default:
                try index.flush()
                stored = model
            }
            let hash = Self.hash(&random, known)
            try #require(try index.numbers(of: hash) == model.numbers(of: hash), "seed \(seed), step \(step)")
            if step % 16 == 0 {
                try #require(try index.hits(of: known) == model.hits(of: known), "seed \(seed), step \(step)")
                try #require(try index.storedDigest() == index.digest, "seed \(seed), step \(step)")
            }
            greatestLevel = max(greatestLevel, try index.runs().map(\.level).max() ?? 0)
        }
        #expect(greatestLevel >= 3, "seed \(seed)")
        #expect(try index.runs().contains { $0.range != 0..<EventIDPlace.hashEnd }, "seed \(seed): pieces")
    }

    @Test func `a flush moves a bounded number of ids, and the levels stay few`() throws {
        let index = try EventIDIndex(EventIDIndex.small)
        var random = SeededRandom(seed: 7)
        var number: UInt64 = 0
        var mostRows = 0
        for round in 1...400 {
            for _ in 0..<20 {
                number += 1
                index.view.insert(random.next(), SequenceNumber(number))
            }
            let before = Set(try index.runs())
            try index.flush()
            let made = try index.runs().filter { run in !before.contains { $0.number == run.number } }
            // The flush's own, what the budget allows, and the step that crosses it.
            #expect(made.reduce(0) { $0 + $1.count } <= 20 + 80 + 40, "round \(round)")
            #expect(made.allSatisfy { $0.count <= index.shape.largestRun })
            mostRows = max(mostRows, try index.rows().count)
        }
        let runs = try index.runs()
        #expect(runs.reduce(0) { $0 + $1.count } == 8000)
        for hash in stride(from: 0, to: EventIDPlace.hashEnd, by: 1 << 34) {
            #expect(runs.count { $0.range.contains(hash) } <= 20)
        }
        // Buckets of three, filters of a block a row, and a bounded number of buckets taken over by half.
        #expect(mostRows < 8000 / 3 + 8000 / 40 + 1000)
    }

    @Test func `none of a million random ids is forgotten, and few others pass`() throws {
        let index = try EventIDIndex(
            EventIDShape(mergeWidth: 4, largestRun: 150_000, bucketByteCount: 4080, blocksPerFilterChunk: 1023))
        var random = SeededRandom(seed: 11)
        let hashes = (0..<1_000_000).map { _ in random.next() }
        for (place, hash) in hashes.enumerated() {
            index.view.insert(hash, SequenceNumber(UInt64(place) + 1))
            if (place + 1) % 40_000 == 0 { try index.flush() }
        }
        let found = Set(try index.hits(of: hashes))
        #expect(
            hashes.indices.allSatisfy { index in
                found.contains(EventIDHit(index: index, sequenceNumber: SequenceNumber(UInt64(index) + 1)))
            })
        #expect(found.count < 1_000_100)
        #expect(try index.hits(of: (0..<100_000).map { _ in random.next() }).count < 10)
        #expect(try index.storedDigest() == index.digest)

        let read = try index.environment.beginRead()
        let keys = EventIDBatch.sorted((0..<100_000).map { _ in random.next() })
        for run in try index.runs() where run.filter.blockCount > 0 {
            let own = EventIDBatch.slice(keys, run.range)
            var passed: [UInt64] = []
            try run.filter(own, into: &passed, index.shape, in: index.view.tables[1], read)
            #expect(Double(passed.count) < 0.01 * Double(own.count), "run \(run.number)")
        }
        let bytes = try index.view.tables.reduce(0) { try $0 + read.pageStatistics(of: $1).sizeBytes }
        #expect(Double(bytes) < 11.2 * 1_000_000)
    }

    @Test func `the digest does not depend on the runs`() throws {
        var random = SeededRandom(seed: 5)
        let hashes = (0..<500).map { _ in random.next() }
        var digests: Set<RowDigest> = []
        for size in [1, 7, 100, 500] {
            let index = try EventIDIndex(EventIDIndex.small)
            for (place, hash) in hashes.enumerated() {
                index.view.insert(hash, SequenceNumber(UInt64(place) + 1))
                if (place + 1) % size == 0 { try index.flush() }
            }
            try index.flush()
            digests.formUnion([index.digest, try index.storedDigest()])
        }
        #expect(digests.count == 1)
        var writer = RowWriter(digest: RowDigest())
        for (place, hash) in hashes.enumerated() {
            var key = Array((0..<5).map { UInt8(truncatingIfNeeded: hash >> UInt64(56 - 8 * $0)) })
            key.appendKey(SequenceNumber(UInt64(place) + 1))
            writer.count(key, [], tag: 1)
        }
        #expect(digests == [writer.digest], "as the article on views has it")
    }

    @Test func `places of one hash stay together, however many, and so do those that differ in low bits only`() throws {
        let index = try EventIDIndex(EventIDIndex.small)
        for number in 1...300 as ClosedRange<UInt64> {
            index.view.insert(77 << 24 | number, SequenceNumber(number))
            if number % 25 == 0 { try index.flush() }
        }
        #expect(try index.numbers(of: 77 << 24) == (1...300).map { SequenceNumber($0) })
        #expect(try index.numbers(of: 76 << 24) == [] && index.numbers(of: 78 << 24) == [])
        #expect(try index.storedDigest() == index.digest)
    }

    @Test func `the table of recent ids gives them in order, those that went round included`() {
        var random = SeededRandom(seed: 3)
        for size in [0, 1, 31, 33, 1000] {
            var recent = EventIDRecent()
            var places: [EventIDPlace] = []
            for number in 0..<size {
                // Half of them where the last slots are.
                let hash = number % 2 == 0 ? EventIDPlace.hashEnd - 1 - UInt64(number % 7) : random.next() >> 24
                let place = EventIDPlace(hash: hash, sequenceNumber: SequenceNumber(UInt64(number) + 1))
                places.append(place)
                recent.insert(place)
            }
            #expect(recent.count == size && recent.sorted() == places.sorted())
            for place in places {
                var found: [SequenceNumber] = []
                recent.find(place.hash) { found.append($0) }
                #expect(found.sorted() == places.filter { $0.hash == place.hash }.map(\.sequenceNumber))
            }
        }
    }

    @Test func `sorted batches keep their order by hash, whatever their size`() {
        var random = SeededRandom(seed: 4)
        for size in [0, 1, 255, 256, 5000] {
            let hashes = (0..<size).map { _ in random.next() }
            let expected = hashes.enumerated().map { $1 & ~0xFF_FFFF | UInt64($0) }.sorted()
            #expect(EventIDBatch.sorted(hashes) == expected)
        }
    }
}
