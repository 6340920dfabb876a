/// Small numbers by symbol: an open-addressing table without an allocation for each entry.
struct SymbolSlots {
    /// Symbols plus one; 0 is free.
    private var keys: [UInt64]
    private var numbers: [Int32]
    private var count = 0

    init() {
        keys = [UInt64](repeating: 0, count: 64)
        numbers = [Int32](repeating: 0, count: 64)
    }

    /// The number of a symbol, and of none; `nil` where it has none yet.
    ///
    /// - Complexity: O(1) expected.
    subscript(symbol: Symbol) -> Int32? {
        let slot = self.slot(of: symbol)
        return keys[slot] == 0 ? nil : numbers[slot]
    }

    /// Gives a symbol another number, and returns the former one.
    mutating func updateValue(_ number: Int32, forKey symbol: Symbol) -> Int32? {
        let slot = self.slot(of: symbol)
        if keys[slot] != 0 {
            defer { numbers[slot] = number }
            return numbers[slot]
        }
        keys[slot] = UInt64(symbol.rawValue) + 1
        numbers[slot] = number
        count += 1
        if 2 * count > keys.count { grow() }
        return nil
    }

    mutating func removeAll() { self = SymbolSlots() }

    /// Where a symbol stands, or would. Symbols are dense, so that a multiplication spreads them well.
    private func slot(of symbol: Symbol) -> Int {
        let mask = keys.count - 1
        var slot = Int(truncatingIfNeeded: UInt64(symbol.rawValue) &* 0x9E37_79B9_7F4A_7C15 >> 32) & mask
        while keys[slot] != 0, keys[slot] != UInt64(symbol.rawValue) + 1 { slot = (slot + 1) & mask }
        return slot
    }

    private mutating func grow() {
        let (formerKeys, formerNumbers) = (keys, numbers)
        keys = [UInt64](repeating: 0, count: 2 * formerKeys.count)
        numbers = [Int32](repeating: 0, count: 2 * formerKeys.count)
        for (place, key) in formerKeys.enumerated() where key != 0 {
            let slot = self.slot(of: Symbol(UInt32(key - 1)))
            keys[slot] = key
            numbers[slot] = formerNumbers[place]
        }
    }
}
