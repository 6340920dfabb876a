/// When an alert fired: the entry and its number among the entry's alerts. What an alert's id says.
struct AlertPlace: Hashable, Comparable, Sendable {
    var sequenceNumber: SequenceNumber
    var ordinal: UInt16

    init(_ sequenceNumber: SequenceNumber, _ ordinal: UInt16) {
        self.sequenceNumber = sequenceNumber
        self.ordinal = ordinal
    }

    init(_ key: AlertKey) { self.init(key.sequenceNumber, key.ordinal) }

    init?(_ id: AlertID) {
        let parts = id.rawValue.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, let sequenceNumber = UInt64(parts[0]), let ordinal = UInt16(parts[1]) else {
            return nil
        }
        self.init(SequenceNumber(sequenceNumber), ordinal)
        guard AlertKey(agent: .none, sequenceNumber: self.sequenceNumber, ordinal: ordinal).id == id else { return nil }
    }

    static func < (left: AlertPlace, right: AlertPlace) -> Bool {
        (left.sequenceNumber, left.ordinal) < (right.sequenceNumber, right.ordinal)
    }
}
