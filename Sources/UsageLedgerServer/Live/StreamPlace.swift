import UsageLedger

/// How far a live stream has come: the id of its events. `17` is behind entry 17; `17-2` behind the second alert of entry 17,
/// the id of that alert.
struct StreamPlace: Hashable, Comparable, Sendable {
    var sequenceNumber: SequenceNumber
    /// All alerts of the entry for the largest number.
    var ordinal: UInt16

    init(_ sequenceNumber: SequenceNumber, ordinal: UInt16 = .max) {
        self.sequenceNumber = sequenceNumber
        self.ordinal = ordinal
    }

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), let number = UInt64(parts[0]), number < .max else { return nil }
        self.init(SequenceNumber(number))
        guard parts.count == 2 else { return }
        guard let ordinal = UInt16(parts[1]) else { return nil }
        self.ordinal = ordinal
    }

    /// The place behind an alert.
    init(_ alert: Alert) {
        self = StreamPlace(alert.id.rawValue) ?? StreamPlace(alert.sequenceNumber)
    }

    /// The last entry that has no alert behind this place.
    var finishedEntry: SequenceNumber {
        ordinal == .max ? sequenceNumber : SequenceNumber(max(sequenceNumber.rawValue, 1) - 1)
    }

    static func < (left: StreamPlace, right: StreamPlace) -> Bool {
        (left.sequenceNumber, left.ordinal) < (right.sequenceNumber, right.ordinal)
    }
}
