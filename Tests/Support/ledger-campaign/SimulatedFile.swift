/// A file as the kernel has it and as the disk may have it after a power cut.
///
/// A disk writes whole sectors, so each change of a sector is a version of it: after a cut the sector has any one of those since
/// the last sync, or what it had then. The same goes for the file's length.
struct SimulatedFile {
    static let sectorBytes = 512

    private struct Version {
        var call: Int
        /// Where the call's result is among the records; none while it is under way.
        var end: Int?
        var bytes: [UInt8]
    }

    private struct Length {
        var call: Int
        var end: Int?
        var bytes: Int
    }

    /// What a process reads.
    private(set) var content: [UInt8] = []
    private var disk: [UInt8] = []
    private var diskLength = 0
    private var versions: [Int: [Version]] = [:]
    private var lengths: [Length] = []

    /// The calls whose effects are not on disk for certain, with the sectors that they wrote.
    var pendingCalls: [Int: Range<Int>] {
        var calls: [Int: Range<Int>] = [:]
        for length in lengths { calls[length.call] = 0..<0 }
        for (sector, list) in versions {
            for version in list {
                let known = calls[version.call] ?? 0..<0
                calls[version.call] =
                    known.isEmpty
                    ? sector..<sector + 1
                    : min(known.lowerBound, sector)..<max(known.upperBound, sector + 1)
            }
        }
        return calls
    }

    mutating func write(_ bytes: [UInt8], at offset: Int, call: Int) {
        guard !bytes.isEmpty else { return }
        let end = offset + bytes.count
        if end > content.count { setLength(end, call: call) }
        content.replaceSubrange(offset..<end, with: bytes)
        for sector in Self.sectors(offset..<end) { addVersion(of: sector, call: call) }
    }

    mutating func setLength(_ length: Int, call: Int) {
        if length < content.count {
            content.removeLast(content.count - length)
            // What lies behind the end reads as zeros, should the file grow again.
            for sector in versions.keys where (sector + 1) * Self.sectorBytes > length {
                addVersion(of: sector, call: call)
            }
            if length < disk.count {
                for sector in Self.sectors(length..<disk.count) { addVersion(of: sector, call: call) }
            }
        } else {
            content += [UInt8](repeating: 0, count: length - content.count)
        }
        lengths.append(Length(call: call, end: nil, bytes: length))
    }

    private mutating func addVersion(of sector: Int, call: Int) {
        let start = sector * Self.sectorBytes
        var bytes = start < content.count ? Array(content[start..<min(start + Self.sectorBytes, content.count)]) : []
        bytes += [UInt8](repeating: 0, count: Self.sectorBytes - bytes.count)
        if versions[sector]?.last?.call == call { versions[sector]?.removeLast() }
        versions[sector, default: []].append(Version(call: call, end: nil, bytes: bytes))
    }

    /// A call has returned.
    mutating func didEnd(_ call: Int, at end: Int) {
        for sector in versions.keys {
            guard let place = versions[sector]?.lastIndex(where: { $0.call == call }) else { continue }
            versions[sector]?[place].end = end
        }
        for place in lengths.indices where lengths[place].call == call { lengths[place].end = end }
    }

    /// A sync that began there has returned: all calls that had returned by then are on disk.
    mutating func didSync(from begin: Int) {
        settle(versions.keys) { $0.end.map { $0 < begin } ?? false }
        if let last = lengths.lastIndex(where: { $0.end.map { $0 < begin } ?? false }) {
            diskLength = lengths[last].bytes
            lengths.removeFirst(last + 1)
        }
    }

    /// A call that syncs what it writes has returned: these sectors are on disk, with the file as long as they need it, and
    /// nothing else.
    mutating func didSync(_ call: Int) {
        settle(versions.filter { $0.value.contains { $0.call == call } }.keys) { $0.call == call }
        if let last = lengths.lastIndex(where: { $0.call == call }) {
            diskLength = lengths[last].bytes
            lengths.removeFirst(last + 1)
        }
    }

    private mutating func settle(_ sectors: some Sequence<Int>, _ isCovered: (Version) -> Bool) {
        for sector in Array(sectors) {
            guard let list = versions[sector], let last = list.lastIndex(where: isCovered) else { continue }
            Self.put(list[last].bytes, at: sector, in: &disk)
            versions[sector] = list.count == last + 1 ? nil : Array(list[(last + 1)...])
        }
    }

    /// The file after a power cut.
    ///
    /// - Parameter isKept: whether the disk got what a call did to a sector, or to the length for nil.
    func afterCut(_ isKept: (_ call: Int, _ sector: Int?) -> Bool) -> [UInt8] {
        var bytes = disk
        for (sector, list) in versions.sorted(by: { $0.key < $1.key }) {
            if let kept = list.last(where: { isKept($0.call, sector) }) { Self.put(kept.bytes, at: sector, in: &bytes) }
        }
        let length = lengths.last { isKept($0.call, nil) }?.bytes ?? diskLength
        if bytes.count > length {
            bytes.removeLast(bytes.count - length)
        } else {
            bytes += [UInt8](repeating: 0, count: length - bytes.count)
        }
        return bytes
    }

    private static func sectors(_ range: Range<Int>) -> Range<Int> {
        range.lowerBound / sectorBytes..<(range.upperBound + sectorBytes - 1) / sectorBytes
    }

    private static func put(_ bytes: [UInt8], at sector: Int, in file: inout [UInt8]) {
        let end = (sector + 1) * sectorBytes
        if file.count < end { file += [UInt8](repeating: 0, count: end - file.count) }
        file.replaceSubrange(sector * sectorBytes..<end, with: bytes)
    }
}
