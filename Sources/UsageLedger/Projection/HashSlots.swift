/// The slots of an open-addressing hash table whose rows lie in arrays elsewhere: a row's index by its hash.
///
/// Linear probing, at most half full. A slot keeps 32 bits of the hash, so that most foreign rows are told apart, and the
/// table grows, without a look at the rows.
struct HashSlots {
    /// The hash in the upper half, the row's index plus one in the lower; 0 is free.
    private var slots: [UInt64]
    private var mask: Int
    private(set) var count = 0

    init(minimumCapacity: Int = 32) {
        var size = 64
        while size < 2 * minimumCapacity { size *= 2 }
        slots = [UInt64](repeating: 0, count: size)
        mask = size - 1
    }

    /// The row with this hash that `isEqual` accepts.
    ///
    /// - Complexity: O(1) expected.
    func find(_ hash: UInt64, where isEqual: (Int) -> Bool) -> Int? {
        let upper = hash & 0xFFFF_FFFF_0000_0000
        var slot = Int(truncatingIfNeeded: hash >> 32) & mask
        while slots[slot] != 0 {
            if slots[slot] & 0xFFFF_FFFF_0000_0000 == upper {
                let row = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) - 1
                if isEqual(row) { return row }
            }
            slot = (slot + 1) & mask
        }
        return nil
    }

    /// Adds a row; rows of the same hash may stand beside each other.
    ///
    /// - Precondition: `row` is below 2^32 - 1.
    mutating func insert(_ hash: UInt64, row: Int) {
        if 2 * (count + 1) > slots.count { grow() }
        place(hash & 0xFFFF_FFFF_0000_0000 | UInt64(UInt32(row + 1)))
        count += 1
    }

    mutating func removeAll() {
        self = HashSlots()
    }

    private mutating func place(_ entry: UInt64) {
        var slot = Int(truncatingIfNeeded: entry >> 32) & mask
        while slots[slot] != 0 { slot = (slot + 1) & mask }
        slots[slot] = entry
    }

    private mutating func grow() {
        let former = slots
        slots = [UInt64](repeating: 0, count: 2 * former.count)
        mask = slots.count - 1
        for entry in former where entry != 0 { place(entry) }
    }
}
