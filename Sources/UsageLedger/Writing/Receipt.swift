/// What recording an event gives back.
public struct Receipt: Hashable, Sendable {
    public enum Disposition: String, Sendable, Hashable {
        /// The event is in the log now.
        case recorded
        /// The event was in the log before; the receipt is that of its first recording.
        case duplicate
    }

    public var id: EventID
    /// The event's place in the log.
    public var sequenceNumber: SequenceNumber
    public var disposition: Disposition
    /// The sum of the lines that have a price.
    public var cost: Money
    /// Whether every line has a price. What is unpriced is not zero: it waits for a rate.
    public var isPriced: Bool

    package init(
        id: EventID, sequenceNumber: SequenceNumber, disposition: Disposition, cost: Money, isPriced: Bool
    ) {
        self.id = id
        self.sequenceNumber = sequenceNumber
        self.disposition = disposition
        self.cost = cost
        self.isPriced = isPriced
    }
}
