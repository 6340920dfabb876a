import LMDB

/// A usage entry whose id is a UUID or a short text and whose lines have one rate each or none, in flat values: what
/// ``UsageRecord`` says, without an array of its own for each list.
///
/// Made for one event after another: `removeAll` keeps the room.
struct PlainUsage {
    struct Line {
        var category: Symbol
        /// The class that became this line; none for a line that the event named itself.
        var usageClass: Symbol
        /// Millionths of a unit.
        var quantity: UInt64
        /// Picodollars.
        var cost: UInt64
        /// The entry that declared the rate; zero where unpriced.
        var rate: SequenceNumber

        var isPriced: Bool { rate != .zero }
    }

    struct Reported {
        var usageClass: Symbol
        /// Millionths of a unit.
        var quantity: UInt64
    }

    var id = FlatEventID(uuidHigh: 0, low: 0)
    var agent = Symbol.none
    var operation = Symbol.none
    var provider = Symbol.none
    var model = Symbol.none
    var time = Limits.earliestTime
    var isTimeAssigned = false
    var dayShift = 0
    /// UTF-8 of the lead.
    var lead: [UInt8]?
    /// Canonical JSON.
    var metadata: [UInt8]?
    /// As the provider reported it, by class, ascending; empty where the event named its lines.
    var usage: [Reported] = []
    /// By category, ascending.
    var lines: [Line] = []

    /// Whether each reported class became one line of the same quantity.
    private var linesCarryUsage: Bool {
        guard !usage.isEmpty, usage.count == lines.count else { return false }
        for reported in usage {
            var isCarried = false
            for line in lines where line.usageClass == reported.usageClass && line.quantity == reported.quantity {
                isCarried = true
            }
            if !isCarried { return false }
        }
        return true
    }

    /// Appends the entry, its kind first: the same bytes as of the ``UsageRecord`` that says the same.
    func encode(into bytes: inout [UInt8]) {
        let carriesUsage = linesCarryUsage
        let linesHaveClass = !usage.isEmpty
        let unit = UsageCodec.timeUnit(of: time)
        var flags = UInt16(id.form.rawValue)
        if lead != nil { flags |= UsageCodec.hasLead }
        if provider != .none { flags |= UsageCodec.hasProvider }
        if model != .none { flags |= UsageCodec.hasModel }
        if linesHaveClass { flags |= UsageCodec.linesHaveClass }
        if linesHaveClass, !carriesUsage { flags |= UsageCodec.hasUsage }
        if metadata != nil { flags |= UsageCodec.hasMetadata }
        if isTimeAssigned { flags |= UsageCodec.timeIsAssigned }
        flags |= UInt16(unit) << UsageCodec.timeUnitShift
        flags |= UInt16(dayShift + 1) << UsageCodec.dayShiftShift

        bytes.append(EntryCodec.Kind.usage.rawValue)
        bytes.appendLittleEndian(flags)
        id.encode(into: &bytes)
        bytes.append(agent)
        bytes.append(operation)
        let sinceEarliest = time.nanosecondsSinceEpoch - Limits.earliestTime.nanosecondsSinceEpoch
        bytes.appendVarint(UInt64(sinceEarliest / UsageCodec.nanosecondsPerTimeUnit(unit)))
        if let lead { bytes.appendCounted(lead) }
        if provider != .none { bytes.append(provider) }
        if model != .none { bytes.append(model) }
        if linesHaveClass, !carriesUsage {
            bytes.appendVarint(UInt64(usage.count))
            for reported in usage {
                bytes.append(reported.usageClass)
                UsageCodec.appendQuantity(reported.quantity, to: &bytes)
            }
        }
        bytes.append(UInt8(lines.count))
        for line in lines {
            bytes.append(line.category)
            if linesHaveClass { bytes.append(line.usageClass) }
            UsageCodec.appendQuantity(line.quantity, to: &bytes)
            UsageCodec.appendPrice(cost: line.cost, rate: line.rate, to: &bytes)
        }
        if let metadata { bytes.appendCounted(metadata) }
    }
}

/// An id in its stored form, without an array where it is a UUID.
struct FlatEventID {
    let form: StoredEventID.Form
    private let high: UInt64
    private let low: UInt64
    private let other: [UInt8]

    /// The 16 bytes of a UUID.
    init(uuidHigh high: UInt64, low: UInt64) {
        form = .uuid
        self.high = high
        self.low = low
        other = []
    }

    init(_ id: EventID) {
        if let (high, low) = StoredEventID.uuidWords(id.rawValue.utf8Span.span) {
            self.init(uuidHigh: high, low: low)
        } else {
            self.init(StoredEventID(id))
        }
    }

    init(_ id: StoredEventID) {
        form = id.form
        other = id.bytes
        (high, low) = (0, 0)
    }

    /// Where the id is placed in the index of ids.
    var hash: UInt64 {
        form == .uuid
            ? Hash64.hash(high.byteSwapped, low.byteSwapped, seed: UInt64(form.rawValue))
            : EventIDHash.hash(other.span.bytes, form: form)
    }

    func encode(into bytes: inout [UInt8]) {
        switch form {
        case .uuid:
            bytes.appendBigEndian(high)
            bytes.appendBigEndian(low)
        case .text:
            bytes.appendVarint(UInt64(other.count))
            bytes.append(contentsOf: other)
        case .ulid:
            bytes.append(contentsOf: other)
        }
    }
}

extension PlainUsage {
    /// Reads an encoded entry of usage, its kind included; false for what takes more to say than this has room for, and for
    /// what is no such entry.
    mutating func decode(_ bytes: RawSpan) -> Bool {
        usage.removeAll(keepingCapacity: true)
        lines.removeAll(keepingCapacity: true)
        var position = 1
        guard bytes.byteCount > 0, bytes.byte(at: 0) == EntryCodec.Kind.usage.rawValue,
            let found = try? UsageLayout(bytes, &position, withCharges: false, line: { line, _ in lines.append(line) }),
            position == bytes.byteCount, found.contextPosition == nil, found.idForm == .uuid
        else { return false }
        let start = found.idRange.lowerBound
        id = FlatEventID(
            uuidHigh: bytes.bigEndian(at: start, as: UInt64.self), low: bytes.bigEndian(at: start + 8, as: UInt64.self))
        agent = found.agent
        operation = found.operation
        provider = found.provider
        model = found.model
        time = found.time
        isTimeAssigned = found.flags & UsageCodec.timeIsAssigned != 0
        dayShift = Int(found.dayShift)
        lead = found.leadRange.map { bytes.array(in: $0) }
        metadata = found.metadataRange.map { bytes.array(in: $0) }
        return readUsage(bytes, found)
    }

    private mutating func readUsage(_ bytes: RawSpan, _ layout: UsageLayout) -> Bool {
        guard layout.flags & UsageCodec.linesHaveClass != 0 else { return true }
        if var position = layout.usagePosition {
            guard let count = try? bytes.readVarint(&position) else { return false }
            for _ in 0..<count {
                guard let usageClass = try? bytes.readDefinedSymbol(&position, "usage class"),
                    let quantity = try? UsageCodec.readQuantity(bytes, &position)
                else { return false }
                usage.append(Reported(usageClass: usageClass, quantity: UInt64(quantity)))
            }
        } else {
            for line in lines { usage.append(Reported(usageClass: line.usageClass, quantity: line.quantity)) }
            // A handful at most, nearly in order: an insertion sort.
            for place in usage.indices.dropFirst() {
                var place = place
                while place > 0, usage[place].usageClass < usage[place - 1].usageClass {
                    usage.swapAt(place, place - 1)
                    place -= 1
                }
            }
        }
        return true
    }

    /// Whether lists are in their one order.
    var isNormal: Bool {
        for place in lines.indices.dropFirst() where lines[place - 1].category >= lines[place].category { return false }
        for place in usage.indices.dropFirst() where usage[place - 1].usageClass >= usage[place].usageClass {
            return false
        }
        return true
    }
}
