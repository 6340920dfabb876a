import Testing

@testable import ledger_campaign

/// The disk that power cuts are simulated on: it keeps what was synced, and may lose anything else, sector by sector.
struct SimulatedFileTests {
    private func sectors(_ value: UInt8, _ count: Int = 1) -> [UInt8] {
        [UInt8](repeating: value, count: count * SimulatedFile.sectorBytes)
    }

    /// A file with a sector of ones on disk.
    private func file() -> SimulatedFile {
        var file = SimulatedFile()
        file.write(sectors(1), at: 0, call: 1)
        file.didEnd(1, at: 2)
        file.didSync(from: 3)
        return file
    }

    /// What any cut of a kind leaves: all lost, nothing lost, and each of many chances.
    private func images(_ file: SimulatedFile, _ fashions: [PowerCut.Fashion] = PowerCut.Fashion.allCases) -> Set<
        [UInt8]
    > {
        let pending = file.pendingCalls.map { PowerCut.Pending(call: $0, sectors: $1) }.sorted { $0.call < $1.call }
        var images: Set<[UInt8]> = []
        for fashion in fashions {
            for seed in 0..<200 {
                let cut = PowerCut(fashion, pending: pending, seed: UInt64(seed))
                images.insert(file.afterCut { cut.isKept($0, $1) })
            }
        }
        return images
    }

    @Test func `what was synced is kept, whatever is lost`() {
        var file = file()
        file.write(sectors(2, 2), at: 0, call: 4)
        file.didEnd(4, at: 5)
        file.didSync(from: 6)
        #expect(images(file) == [sectors(2, 2)])
    }

    @Test func `a write that had not returned when the sync began may be lost`() {
        var file = file()
        file.write(sectors(2), at: 0, call: 4)
        file.didEnd(4, at: 5)
        file.write(sectors(3), at: 0, call: 6)
        file.didEnd(6, at: 8)
        file.didSync(from: 7)
        #expect(images(file) == [sectors(2), sectors(3)])
    }

    @Test func `each sector is old or new`() {
        var file = file()
        file.write(sectors(1, 2), at: 0, call: 4)
        file.didEnd(4, at: 5)
        file.didSync(from: 6)
        file.write(sectors(2, 2), at: 0, call: 7)
        let (old, new) = (sectors(1), sectors(2))
        #expect(images(file, [.allLost]) == [old + old])
        #expect(images(file, [.allKept]) == [new + new])
        #expect(images(file, [.writes]) == [old + old, new + new])
        #expect(images(file, [.sectors]) == [old + old, old + new, new + old, new + new])
        #expect(images(file, [.torn]) == [old + old, old + new, new + old, new + new])
    }

    @Test func `a later write may be there without an earlier one`() {
        var file = file()
        file.write(sectors(1, 2), at: 0, call: 4)
        file.didEnd(4, at: 5)
        file.didSync(from: 6)
        file.write(sectors(2), at: 0, call: 7)
        file.write(sectors(3), at: 512, call: 8)
        #expect(images(file, [.reordered]) == [sectors(2) + sectors(3), sectors(1) + sectors(3)])
        #expect(!images(file, [.torn]).contains(sectors(1) + sectors(3)))
    }

    @Test func `a write that syncs itself is there, others still may not be`() {
        var file = file()
        file.write(sectors(1, 2), at: 0, call: 4)
        file.didEnd(4, at: 5)
        file.didSync(from: 6)
        file.write(sectors(2), at: 0, call: 7)
        file.didEnd(7, at: 8)
        file.write(sectors(3), at: 512, call: 9)
        file.didEnd(9, at: 10)
        file.didSync(9)
        #expect(images(file) == [sectors(1) + sectors(3), sectors(2) + sectors(3)])
    }

    @Test func `a length that was not synced may be lost, and with it what lies behind`() {
        var file = file()
        file.write(sectors(2), at: 512, call: 4)
        #expect(images(file, [.allLost]) == [sectors(1)])
        #expect(images(file, [.allKept]) == [sectors(1) + sectors(2)])
        #expect(images(file) == [sectors(1), sectors(1) + sectors(0), sectors(1) + sectors(2)])
    }
}
