import LMDB

/// What recorded usage would cost under another rate card.
public struct RepricingReport: Hashable, Sendable {
    public struct Group: Hashable, Sendable {
        public var key: String
        /// As it counts now.
        public var present: UsageSum
        /// Under the other card.
        public var repriced: UsageSum

        public var difference: Money { repriced.cost - present.cost }
    }

    public var query: UsageQuery
    public var currency: String
    /// In the order of their keys.
    public var groups: [Group]
    public var total: Group
    /// Events that the other card refuses, such as one whose cost would be out of range: they are left out of both sums.
    public var refused: Int
    /// The last entry that was read.
    public var sequenceNumber: SequenceNumber
}

extension Ledger {
    /// Folds the log under another rate card and sets it against the present costs. Changes nothing.
    ///
    /// Quotas and tiers of a period are counted from the start of the log, in its order, for all agents. Categories that the
    /// other card does not declare keep the ledger's declaration, without rates.
    /// - Parameters:
    ///   - card: the other card.
    ///   - query: whose usage, of which days, and how it is grouped; of its filters all hold.
    ///   - progress: how far the log is read: the last entry, and the last of all.
    /// - Throws: ``LedgerError``: `damaged`, `inputOutput`.
    /// - Complexity: O(length of the log).
    public func reprice(
        under card: RateCard, _ query: UsageQuery = UsageQuery(),
        progress: (SequenceNumber, SequenceNumber) -> Void = { _, _ in }
    ) throws(LedgerError) -> RepricingReport {
        try reading(.none) { snapshot in
            var fold = Repricing(card, query, snapshot, ownCard: rateCard, log: shared.files.log)
            var walk = LogWalk(shared.files)
            try walk.run(through: snapshot.head, progress: progress) { header, segment in
                try fold.add(header, segment, through: snapshot.head)
            }
            return try fold.report(currency: currency)
        }
    }
}

/// A fold of the log under another card.
private struct Repricing {
    private struct Sums {
        var present = UsageSum.zero
        var repriced = UsageSum.zero
    }

    private let card: RateCard
    private let ownCard: RateCard
    private let query: UsageQuery
    private let snapshot: Snapshot
    private var reader: EntryReader
    private var sums: [String: Sums] = [:]
    private var total = Sums()
    private var refused = 0
    private var consumed: [Meter: Quantity] = [:]
    /// Whether a price depends on what others used, so that usage outside the query has to be priced as well.
    private let hasMeters: Bool

    init(_ card: RateCard, _ query: UsageQuery, _ snapshot: Snapshot, ownCard: RateCard, log: EventLog) {
        var card = card
        for category in ownCard.categoriesInOrder where card.category(category.name) == nil { card.set(category) }
        self.card = card
        self.ownCard = ownCard
        self.query = query
        self.snapshot = snapshot
        reader = EntryReader(log, snapshot.stored)
        hasMeters = card.rates.contains { $0.rate.price.metering != nil }
    }

    mutating func add(_ header: SegmentHeader, _ segment: RawSpan, through last: SequenceNumber) throws {
        var entries: [(SequenceNumber, UsageRecord)] = []
        try Segment.forEachEntry(in: segment, header: header) { number, range in
            guard number <= last else { return false }
            let kind = EntryCodec.Kind(rawValue: segment.byte(at: range.lowerBound))
            guard kind?.recordsUsage ?? false else { return true }
            if let usage = try EventLog.decode(segment.extracting(range), at: number).usage {
                entries.append((number, usage))
            }
            return true
        }
        for (number, record) in entries { try add(record, at: number) }
    }

    private mutating func add(_ record: UsageRecord, at number: SequenceNumber) throws {
        let stored = snapshot.stored
        var lines: [LineRecord]?
        if let row = try snapshot.adjustments.value(for: number, in: stored.transaction) {
            guard case .rerating(let rerating)? = try reader.entry(at: SequenceNumber(row.number))?.entry else {
                return
            }
            lines = rerating.lines
        }
        let usage = try snapshot.names.usage(record)
        let isAsked = asks(for: usage)
        guard isAsked || hasMeters else { return }
        let present = try lines.map { try snapshot.names.lines($0, of: usage.event.agent) } ?? usage.lines
        let used = consumed
        let repriced: [PricedLine]
        do throws(LedgerError) {
            repriced = try card.price(usage.event, at: record.time) { used[$0] ?? .zero }
        } catch {
            guard [.outOfRange, .invalidEvent].contains(error.code) else { throw error }
            if isAsked { refused += 1 }
            return
        }
        for line in repriced {
            for meter in line.price?.meters ?? [] { consumed[meter, default: .zero] += line.quantity }
        }
        guard isAsked else { return }
        add(present, usage, ownCard, \.present)
        add(repriced, usage, card, \.repriced)
    }

    private func asks(for usage: RecordedUsage) -> Bool {
        let event = usage.event
        if let agent = query.agent, event.agent != agent { return false }
        if let days = query.days, !days.contains(usage.day) { return false }
        if !query.operations.isEmpty, !query.operations.contains(event.operation) { return false }
        if !query.models.isEmpty { return event.model.map(query.models.contains) ?? false }
        return true
    }

    /// Adds lines up as reports do: an event counts once in each group that has a line of it, and once in the total.
    private mutating func add(
        _ lines: [PricedLine], _ usage: RecordedUsage, _ card: RateCard, _ side: WritableKeyPath<Sums, UsageSum>
    ) {
        var parts: [String: UsageSum] = [:]
        var sum = UsageSum.zero
        var isInside = false
        for line in lines {
            let provider = card.category(line.category)?.provider
            if !query.categories.isEmpty, !query.categories.contains(line.category) { continue }
            if !query.providers.isEmpty, !(provider.map(query.providers.contains) ?? false) { continue }
            let own = UsageSum(line)
            isInside = true
            sum += own
            if let key = key(of: line, provider, usage) { parts[key, default: .zero] += own }
        }
        guard isInside else { return }
        sum.events = 1
        total[keyPath: side] += sum
        for (key, var part) in parts {
            part.events = 1
            sums[key, default: Sums()][keyPath: side] += part
        }
    }

    private func key(of line: PricedLine, _ provider: ProviderName?, _ usage: RecordedUsage) -> String? {
        guard let grouping = query.grouping else { return nil }
        if let period = grouping.period { return period.key(containing: usage.day) }
        switch grouping {
        case .category: return line.category.rawValue
        case .provider: return provider?.rawValue ?? ""
        case .operation: return usage.event.operation.rawValue
        case .model: return usage.event.model?.rawValue ?? ""
        case .agent: return usage.event.agent.rawValue
        case .day, .week, .month, .quarter, .year: return nil
        }
    }

    func report(currency: String) throws -> RepricingReport {
        let groups = sums.map { key, sums in
            RepricingReport.Group(key: key, present: sums.present, repriced: sums.repriced)
        }.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        return RepricingReport(
            query: query, currency: currency, groups: groups,
            total: RepricingReport.Group(key: "", present: total.present, repriced: total.repriced), refused: refused,
            sequenceNumber: snapshot.head)
    }
}

extension UsageSum {
    fileprivate init(_ line: PricedLine) {
        self.init(
            cost: line.price?.cost ?? .zero, quantity: line.quantity, events: 0,
            unpricedQuantity: line.price == nil ? line.quantity : .zero)
    }
}

extension EntryCodec.Kind {
    fileprivate var recordsUsage: Bool {
        switch self {
        case .usage, .replacement, .chargedUsage, .chargedReplacement: true
        default: false
        }
    }
}
