/// What voiding an event gives back.
public struct Adjustment: Hashable, Sendable {
    public var id: EventID
    /// The event's own entry.
    public var target: SequenceNumber
    /// The entry that voids it.
    public var sequenceNumber: SequenceNumber
    /// `duplicate` when the event was voided before.
    public var disposition: Receipt.Disposition
    /// What the event had cost.
    public var cost: Money

    package init(
        id: EventID, target: SequenceNumber, sequenceNumber: SequenceNumber, disposition: Receipt.Disposition,
        cost: Money
    ) {
        self.id = id
        self.target = target
        self.sequenceNumber = sequenceNumber
        self.disposition = disposition
        self.cost = cost
    }
}
