/// The events of one request, prepared on the caller's side: those whose names all have symbols already are encoded.
struct PreparedEvents: Sendable {
    /// What became of one event.
    struct Place: Sendable {
        var idHash: UInt64
        /// Where the encoded entry stands in ``PreparedEvents/bytes``, behind its length; empty where the writer has to
        /// encode it: a name without a symbol, a category without a declaration, or a price that depends on what was used
        /// before, which only the writer knows.
        var start: Int
        var end: Int
        /// Picodollars.
        var cost: Int128
        var isPriced: Bool

        var isEncoded: Bool { start < end }
    }

    /// As they were given.
    let events: [UsageEvent]
    /// The moment of those that name none.
    let now: Timestamp
    /// What they were priced and dated with.
    let version: SequenceNumber
    private(set) var places: [Place] = []
    /// Why events were refused already, by their places.
    private(set) var failures: [Int: LedgerError] = [:]
    /// Encoded entries, each behind its length.
    private(set) var bytes: [UInt8] = []

    init(_ events: [UsageEvent], now: Timestamp, version: SequenceNumber) {
        self.events = events
        self.now = now
        self.version = version
        places.reserveCapacity(events.count)
        bytes.reserveCapacity(events.count * 64)
    }

    var count: Int { places.count }

    /// Adds what only the writer can encode.
    mutating func append(idHash: UInt64) {
        places.append(Place(idHash: idHash, start: 0, end: 0, cost: 0, isPriced: false))
    }

    /// Adds an event that is refused whatever the writer says.
    mutating func refuse(_ error: LedgerError) {
        failures[places.count] = error
        append(idHash: 0)
    }

    /// Adds an entry that `encode` appends to the bytes.
    mutating func append(
        idHash: UInt64, cost: Int128, isPriced: Bool, _ encode: (inout [UInt8]) -> Void
    ) {
        let start = bytes.count
        // Most entries are shorter than 128 bytes, and their length takes one.
        bytes.append(0)
        encode(&bytes)
        let length = bytes.count - start - 1
        if length < 0x80 {
            bytes[start] = UInt8(length)
        } else {
            var prefix: [UInt8] = []
            prefix.appendVarint(UInt64(length))
            bytes.replaceSubrange(start...start, with: prefix)
        }
        places.append(Place(idHash: idHash, start: start, end: bytes.count, cost: cost, isPriced: isPriced))
    }
}
