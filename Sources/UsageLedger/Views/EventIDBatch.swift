/// A hash of a batch that may be known, and an entry whose event may have it.
struct EventIDHit: Hashable, Comparable, Sendable {
    /// The hash's place in the batch.
    var index: Int
    var sequenceNumber: SequenceNumber

    static func < (left: EventIDHit, right: EventIDHit) -> Bool {
        (left.index, left.sequenceNumber) < (right.index, right.sequenceNumber)
    }
}

/// Hashes of a batch in the order of the index: 40 bits of the hash, and in the 24 lower bits the hash's index.
enum EventIDBatch {
    static let hashMask: UInt64 = ~0xFF_FFFF

    static func index(of key: UInt64) -> Int { Int(truncatingIfNeeded: key & ~hashMask) }

    /// - Complexity: O(n).
    static func sorted(_ idHashes: [UInt64]) -> [UInt64] {
        precondition(idHashes.count <= 1 << 24, "a batch's indexes have 24 bits")
        var keys = idHashes
        for index in keys.indices { keys[index] = keys[index] & hashMask | UInt64(index) }
        if keys.count < 256 {
            keys.sort()
        } else {
            sortByHash(&keys)
        }
        return keys
    }

    /// Four passes over ten bits each.
    private static func sortByHash(_ keys: inout [UInt64]) {
        var other = [UInt64](repeating: 0, count: keys.count)
        for shift in [24, 34, 44, 54] as [UInt64] {
            var starts = [Int](repeating: 0, count: 1024)
            for key in keys { starts[Int(truncatingIfNeeded: key >> shift & 1023)] += 1 }
            var start = 0
            for digit in starts.indices { (starts[digit], start) = (start, start + starts[digit]) }
            for key in keys {
                let digit = Int(truncatingIfNeeded: key >> shift & 1023)
                other[starts[digit]] = key
                starts[digit] += 1
            }
            swap(&keys, &other)
        }
    }

    /// The keys whose hashes lie in a range.
    ///
    /// - Complexity: O(log n).
    static func slice(_ keys: [UInt64], _ range: Range<UInt64>) -> ArraySlice<UInt64> {
        keys[first(keys, notBefore: range.lowerBound)..<first(keys, notBefore: range.upperBound)]
    }

    private static func first(_ keys: [UInt64], notBefore hash: UInt64) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] >> 24 < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
