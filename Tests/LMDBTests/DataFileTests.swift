import Foundation
import LMDB
import Testing

/// Files that are not, or no longer, what LMDB wrote.
struct DataFileTests {
    let directory = TemporaryDirectory()

    @Test func `an empty file is a new environment`() throws {
        try directory.setContents([])
        #expect(try openingCode() == nil)
    }

    /// A full disk, or a write that fails, may leave the first of two meta pages, or a part of it.
    @Test(arguments: [152, 4096, 8191])
    func `a file that LMDB was kept from filling is a new environment, and none to read`(byteCount: Int) throws {
        do { _ = try Environment(path: directory.path) }
        let bytes = try directory.contents()
        #expect(bytes.count == 8192)
        try directory.setContents([UInt8](bytes.prefix(byteCount)))
        #expect(throws: LMDBError.self) {
            _ = try Environment(path: directory.path, options: Environment.Options(readOnly: true))
        }
        #expect(try openingCode() == nil)
        #expect(try directory.contents().count == 8192)
    }

    @Test(arguments: [1, 15, 152, 4096, 100_000])
    func `a foreign file is not an environment`(byteCount: Int) throws {
        var generator = SplitMix64(seed: UInt64(byteCount))
        try directory.setContents((0..<byteCount).map { _ in .random(in: 0...255, using: &generator) })
        #expect(try openingCode() == .notAnEnvironment)
        try directory.setContents([UInt8](repeating: 0, count: byteCount))
        #expect(try openingCode() == .notAnEnvironment)
    }

    @Test func `a directory in place of the data file is an error`() throws {
        try FileManager.default.createDirectory(atPath: directory.dataFile, withIntermediateDirectories: false)
        #expect(try openingCode() == .notAnEnvironment)
    }

    @Test func `another format version is named as such`() throws {
        var bytes = try filled()
        bytes[20] = 99
        try directory.setContents(bytes)
        #expect(try openingCode() == .versionMismatch)
    }

    @Test func `a file cut off anywhere is found truncated or foreign, never read`() throws {
        let bytes = try filled()
        let pageSizeBytes = 4096
        #expect(bytes.count > 20 * pageSizeBytes)
        for pages in stride(from: 0.5, to: Double(bytes.count / pageSizeBytes), by: 0.5) {
            try directory.setContents([UInt8](bytes.prefix(Int(pages * Double(pageSizeBytes)))))
            #expect(try openingCode() == .truncated, "\(pages) pages")
        }
        try directory.setContents([UInt8](bytes.prefix(100)))
        #expect(try openingCode() == .notAnEnvironment)
        try directory.setContents(bytes)
        #expect(try openingCode() == nil)
    }

    @Test func `a page size that cannot be is corruption`() throws {
        var bytes = try filled()
        bytes[40] = 1
        try directory.setContents(bytes)
        #expect(try openingCode() == .corrupted)
    }

    @Test(arguments: [0, 4096], [0x80, 0xFF, 0x01] as [UInt8])
    func `a number of commits that cannot be is corruption`(_ page: Int, _ top: UInt8) throws {
        var bytes = try filled()
        bytes[page + 151] = top
        try directory.setContents(bytes)
        #expect(try openingCode() == .corrupted)
    }

    /// Of the table of free pages and that of names, on either meta page: LMDB compares keys as they say.
    @Test(arguments: [44, 45, 92, 93], 0..<8 as Range<UInt8>)
    func `a flag too many, or too few, of LMDB's own tables is corruption`(_ place: Int, _ bit: UInt8) throws {
        let sound = try filled()
        for page in [0, 4096] {
            var bytes = sound
            bytes[page + place] ^= 1 << bit
            try directory.setContents(bytes)
            #expect(try openingCode() == .corrupted)
        }
    }

    /// With the second of them keys are compared from their ends: a walk meets all rows, and a look-up finds none.
    @Test(arguments: 0..<7 as Range<UInt8>) func `a table with a flag is corruption`(_ bit: UInt8) throws {
        var bytes = try filled()
        for place in bytes.indices.dropLast(6) where bytes[place..<place + 6].elementsEqual("events".utf8) {
            // Behind the name lies how the table is described: four bytes, then its flags.
            bytes[place + 10] ^= 1 << bit
        }
        try directory.setContents(bytes)
        for readOnly in [true, false] {
            let environment = try Environment(
                path: directory.path, options: Environment.Options(readOnly: readOnly))
            #expect(try code { _ = try environment.openTable("events") } == .corrupted)
            if !readOnly {
                #expect(try code { _ = try environment.createTable("events") } == .corrupted)
            }
            environment.close()
        }
    }

    @Test func `a last page far behind the end is found`() throws {
        var bytes = try filled()
        for meta in [0, 4096] { bytes[meta + 136 + 5] = 1 }
        try directory.setContents(bytes)
        #expect(try openingCode() == .truncated)
        for meta in [0, 4096] { bytes[meta + 136 + 7] = 1 }
        try directory.setContents(bytes)
        #expect(try openingCode() == .corrupted)
    }

    /// LMDB does not write pages that a transaction took and gave back, so a sound file may be shorter than its last
    /// page number says. The list of free pages, which tells the one from the other, has rows on one page, rows on
    /// several levels of pages, or a row on pages of its own.
    @Test(arguments: [(commits: 0, rows: 0), (commits: 0, rows: 3_000), (commits: 150, rows: 3_000)])
    func `a file that ends before its last, free pages is sound`(commits: Int, rows: Int) throws {
        do {
            let environment = try Environment(path: directory.path)
            let table = try environment.createTable("events")
            let filler = String(repeating: "v", count: 3_000)
            try environment.write { transaction in
                for index in 0..<rows { try transaction.put("\(index)", filler, in: table) }
            }
            try environment.write { try $0.clear(table) }
            // Old pages to take come first: only then does LMDB give back new ones at once.
            for index in 0..<5 { try environment.write { try $0.put("key", "\(index)", in: table) } }
            let pin = try environment.beginRead()
            for index in 0..<commits { try environment.write { try $0.put("key", "\(index)", in: table) } }
            try environment.write { transaction in
                try transaction.put("key", "value", in: table)
                try transaction.put("large", String(repeating: "v", count: 20 << 20), in: table)
                try transaction.delete("large", in: table)
            }
            // Else this test shows nothing.
            try #require(try directory.contents().count < environment.info.usedBytes)
            #expect(pin.snapshotID > 0)
        }
        #expect(try openingCode() == nil)
        let environment = try Environment(path: directory.path)
        let table = try #require(try environment.openTable("events"))
        #expect(try environment.beginRead().keys(in: table) == ["key"])
        try environment.write { transaction in
            for index in 0..<2_000 { try transaction.put("\(index)", "value", in: table) }
        }
        #expect(try environment.beginRead().rowCount(in: table) == 2_001)
    }

    /// What a power cut leaves of a file that nothing was committed to: LMDB writes its meta pages without syncing them.
    @Test(arguments: [[0], [1], [0, 1]], [0, 512, 4096, 8192, 20_480])
    func `a file whose making was interrupted can be made anew`(blankPages: [Int], byteCount: Int) throws {
        do { _ = try Environment(path: directory.path) }
        var bytes = try directory.contents()
        try #require(bytes.count == 8192)
        for page in blankPages {
            bytes.replaceSubrange(page * 4096..<(page + 1) * 4096, with: repeatElement(0, count: 4096))
        }
        bytes += [UInt8](repeating: 7, count: 12_288)
        // Cut off within a page that is not blank it is another matter.
        let kept = byteCount == 0 ? 20_480 : byteCount < 4096 && !blankPages.contains(0) ? 4096 : byteCount
        try directory.setContents([UInt8](bytes.prefix(kept)))
        #expect(try Environment.hasUnfinishedFile(in: directory.path))
        try Environment.emptyUnfinishedFile(in: directory.path)
        #expect(try !Environment.hasUnfinishedFile(in: directory.path))
        #expect(try openingCode() == nil)
    }

    @Test func `no other file is taken for one whose making was interrupted`() throws {
        #expect(try !Environment.hasUnfinishedFile(in: directory.path))
        var generator = SplitMix64(seed: 4)
        let whole = try filled()
        let oneCommit = try { () throws -> [UInt8] in
            try FileManager.default.removeItem(atPath: directory.dataFile)
            do { _ = try Environment(path: directory.path).createTable("events") }
            return try directory.contents()
        }()
        try #require(oneCommit.count <= 16 * 4096)
        var files = [whole, oneCommit, [], (0..<8192).map { _ in .random(in: 0...255, using: &generator) }]
        // Too long to have had no commit, and pages that a commit has written.
        files.append([UInt8](repeating: 0, count: 17 * 4096))
        files.append([UInt8](repeating: 0, count: 4096) + oneCommit.dropFirst(4096))
        for file in files {
            try directory.setContents(file)
            #expect(try !Environment.hasUnfinishedFile(in: directory.path))
            try Environment.emptyUnfinishedFile(in: directory.path)
            #expect(try directory.contents() == file)
        }
    }

    private func openingCode() throws -> LMDBError.Code? {
        try code { _ = try Environment(path: directory.path) }
    }

    /// A data file of many pages, all in use.
    private func filled() throws -> [UInt8] {
        do {
            let environment = try Environment(path: directory.path)
            let table = try environment.createTable("events")
            try environment.write { transaction in
                let value = String(repeating: "v", count: 200)
                for index in 1_000..<2_000 { try transaction.append("\(index)", value, in: table) }
            }
        }
        return try directory.contents()
    }
}
