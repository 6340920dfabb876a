/// What was shipped, or applied.
public struct ShippingSummary: Hashable, Sendable {
    /// The first entry of the shipment.
    public var first: SequenceNumber
    /// The last entry of the shipment.
    public var last: SequenceNumber
    public var segments: Int
    /// The length of the shipment in bytes; of one that is applied, of its segments alone.
    public var bytes: Int
    /// Entries added to the replica; 0 when shipping, or when it had them all.
    public var added: UInt64
    /// The last entry of the log that was read, or written to.
    public var sequenceNumber: SequenceNumber
    /// The digest of the replica's views after its last entry, 32 hexadecimal digits; empty when shipping.
    public var digest: String
}
