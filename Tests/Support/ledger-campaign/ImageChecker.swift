import Foundation

/// A process that builds from records of writes what power cuts would have left on disk, and has the oracle look at each.
///
/// Says `image FASHION` before it looks, then what is wrong with it, if anything, and `checked` and what it was like.
struct ImageChecker {
    private static let fashions = PowerCut.Fashion.allCases

    private struct Image {
        /// So many records had been written.
        var point: Int
        var seed: UInt64
        var fashion: PowerCut.Fashion
    }

    let records: String
    /// Where images are made; what was recorded lies in `root` beside it.
    let directory: String
    let seed: UInt64

    /// Checks the images of a run from the given place on in their order, `count` in all.
    func run(first: Int, count: Int) async throws {
        let operations = try RecordedOperation.read(from: records)
        var disk = SimulatedDisk(root: directory + "/root")
        var oracle = Oracle()
        var position = 0
        var keeps = 2
        for image in Self.images(count, seed: seed, operations: operations.count).dropFirst(first) {
            while position < image.point {
                oracle.hear(try disk.take(operations[position]))
                position += 1
            }
            let pending = disk.pendingCalls
            let cut = PowerCut(image.fashion, pending: pending, seed: image.seed)
            Output.write(["image \(image.fashion.rawValue)"])
            let path = directory + "/image"
            try Self.remake(path, disk, cut)
            let isMade = FileManager.default.fileExists(atPath: path + "/ledger/data.mdb")
            var observer = oracle
            let found = await observer.check(path + "/ledger")
            if !found.isEmpty {
                var place = "point \(image.point) of \(operations.count), \(image.fashion.rawValue)"
                if keeps > 0 {
                    let kept = Scratch.memory + "power-image-\(seed)-\(image.seed)"
                    try? Self.remake(kept, disk, cut)
                    place += ", kept as \(kept)"
                    keeps -= 1
                }
                Output.write(found.prefix(3).map { "violation \(place): \($0)" })
            }
            let kind =
                oracle.acknowledged.isEmpty
                ? (isMade ? "nothing acknowledged by then" : "no ledger by then") : "acknowledged events to be found"
            let isDataPending = !(disk.files[disk.root + "/ledger/data.mdb"]?.pendingCalls.isEmpty ?? true)
            Output.write(["checked \(kind)"] + (isDataPending ? ["checked of data.mdb something was not synced"] : []))
        }
        try? FileManager.default.removeItem(atPath: directory + "/image")
    }

    private static func remake(_ path: String, _ disk: SimulatedDisk, _ cut: PowerCut) throws {
        try? FileManager.default.removeItem(atPath: path)
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try disk.write(to: path, cut)
    }

    private static func images(_ count: Int, seed: UInt64, operations: Int) -> [Image] {
        (0..<count).map { number in
            var random = SeededRandom(seed: seed &+ UInt64(number) &* 0x9E37_79B9)
            // The birth of a ledger is short, and has more moments than most that matter.
            let end = number % 16 == 0 ? min(80, operations) : operations
            return Image(
                point: Int.random(in: 0...end, using: &random), seed: random.next(),
                fashion: fashions.randomElement(using: &random) ?? .allLost)
        }.sorted { ($0.point, $0.seed) < ($1.point, $1.seed) }
    }
}
