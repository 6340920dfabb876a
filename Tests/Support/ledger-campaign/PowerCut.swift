/// Which of the changes that were not synced the disk has after a power cut: the same for the same seed.
struct PowerCut {
    enum Fashion: String, CaseIterable {
        case allLost = "all that was not synced lost"
        case allKept = "nothing lost"
        case writes = "writes lost at random"
        case sectors = "sectors lost at random"
        case torn = "the last write torn"
        case reordered = "later writes without earlier ones"
    }

    /// A call whose effects are not on disk for certain, and the sectors that it wrote.
    struct Pending {
        var call: Int
        var sectors: Range<Int>
    }

    private let fashion: Fashion
    private let seed: UInt64
    /// The share of what is kept, of 1,000.
    private let share: UInt64
    private let border: Pending
    /// The sectors of the torn write that are kept.
    private let torn: Range<Int>

    /// - Parameter pending: in the order of the calls.
    init(_ fashion: Fashion, pending: [Pending], seed: UInt64) {
        var random = SeededRandom(seed: seed)
        self.fashion = fashion
        self.seed = random.next()
        share = UInt64.random(in: 50...950, using: &random)
        // The last few calls are those that a cut finds on their way.
        let reach = Bool.random(using: &random) ? min(4, pending.count) : pending.count
        let place = pending.count - 1 - Int.random(in: 0..<max(1, reach), using: &random)
        border = place >= 0 ? pending[place] : Pending(call: 0, sectors: 0..<0)
        let cut = Int.random(in: border.sectors.lowerBound...border.sectors.upperBound, using: &random)
        // Disks write from the front, but nothing says they must.
        torn =
            Int.random(in: 0..<4, using: &random) > 0
            ? border.sectors.lowerBound..<cut : cut..<border.sectors.upperBound
    }

    /// Whether the disk got what a call did to a sector; or, for no sector, to the length of a file or a name.
    func isKept(_ call: Int, _ sector: Int?) -> Bool {
        switch fashion {
        case .allLost: false
        case .allKept: true
        case .writes: draw(call, 0) % 1000 < share
        case .sectors: draw(call, UInt64((sector ?? -1) + 2)) % 1000 < share
        case .torn where call == border.call: sector.map(torn.contains) ?? (draw(call, 1) & 1 == 0)
        case .torn: call < border.call
        case .reordered: call >= border.call
        }
    }

    /// Up to so many bytes, nobody knows which: what a file may be that is written by way of a map.
    func anything(upTo count: Int) -> [UInt8] {
        var random = SeededRandom(seed: draw(0, 2))
        let length = Int.random(in: 0..<3, using: &random) > 0 ? count : Int.random(in: 0...count, using: &random)
        let areZeros = Bool.random(using: &random)
        return (0..<length).map { _ in areZeros ? 0 : UInt8(truncatingIfNeeded: random.next()) }
    }

    private func draw(_ call: Int, _ part: UInt64) -> UInt64 {
        var random = SeededRandom(seed: seed ^ UInt64(call) &* 0x9E6C_63D0_876A_68E5 ^ part &* 0xD1B5_4A32_D192_ED03)
        return random.next()
    }
}
