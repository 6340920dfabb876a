/// The places folded since the last flush: one flat table, in which an id costs no allocation.
///
/// Open addressing with linear probing, at most half full. A place's slot is the leading bits of its hash, so that the
/// table lies nearly in the order of the hashes: batches in that order walk through it, and sorting it costs one pass.
struct EventIDRecent {
    /// Sequence number 0, which no entry has, marks a free slot.
    private var slots: [EventIDPlace]
    /// How many bits of a hash do not count for its slot.
    private var shift: UInt64
    private(set) var count = 0

    private static let free = EventIDPlace(hash: 0, sequenceNumber: .zero)

    /// A table that takes so many places before it grows.
    init(capacity: Int = 0) {
        var bits: UInt64 = 6
        while 1 << bits < 2 * capacity { bits += 1 }
        slots = [EventIDPlace](repeating: Self.free, count: 1 << Int(bits))
        shift = EventIDPlace.hashBits - bits
    }

    var isEmpty: Bool { count == 0 }

    /// Gives the sequence numbers that stand under `hash` to `body`.
    ///
    /// - Complexity: O(1) expected.
    func find(_ hash: UInt64, _ body: (SequenceNumber) -> Void) {
        var slot = Int(truncatingIfNeeded: hash >> shift)
        while slots[slot].sequenceNumber != .zero {
            if slots[slot].hash == hash { body(slots[slot].sequenceNumber) }
            slot = (slot + 1) & (slots.count - 1)
        }
    }

    /// - Precondition: the sequence number is not 0.
    /// - Complexity: O(1) expected and amortised.
    mutating func insert(_ place: EventIDPlace) {
        precondition(place.sequenceNumber != .zero, "entries are numbered from 1")
        if 2 * (count + 1) > slots.count { grow() }
        put(place)
        count += 1
    }

    private mutating func put(_ place: EventIDPlace) {
        var slot = Int(truncatingIfNeeded: place.hash >> shift)
        while slots[slot].sequenceNumber != .zero { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = place
    }

    private mutating func grow() {
        let former = slots
        slots = [EventIDPlace](repeating: Self.free, count: 2 * former.count)
        shift -= 1
        for place in former where place.sequenceNumber != .zero { put(place) }
    }

    /// All places in order.
    ///
    /// - Complexity: O(slots): a place stands few slots away from where it belongs.
    func sorted() -> [EventIDPlace] {
        var places: [EventIDPlace] = []
        places.reserveCapacity(count)
        /// Places of the last slots that went round to the first ones.
        var wrapped: [EventIDPlace] = []
        for slot in slots.indices where slots[slot].sequenceNumber != .zero {
            if Int(truncatingIfNeeded: slots[slot].hash >> shift) > slot {
                wrapped.append(slots[slot])
            } else {
                Self.insert(slots[slot], into: &places)
            }
        }
        for place in wrapped { Self.insert(place, into: &places) }
        return places
    }

    private static func insert(_ place: EventIDPlace, into places: inout [EventIDPlace]) {
        places.append(place)
        var index = places.count - 1
        while index > 0, place < places[index - 1] {
            places[index] = places[index - 1]
            index -= 1
        }
        places[index] = place
    }
}
