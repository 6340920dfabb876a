import LMDB

/// Spells out the names in entries: what symbols stand for at one moment.
struct EntryNames {
    let texts: ViewTable<Symbol, TextRow>
    let stored: SharedRead
    /// Texts that a commit under way defines, in the order of their symbols, which follow each other from the first.
    var defined: (first: Symbol, texts: [SymbolText]) = (.none, [])

    func text(_ symbol: Symbol) throws -> String {
        if symbol >= defined.first {
            let place = Int(symbol.rawValue - defined.first.rawValue)
            if place < defined.texts.count { return defined.texts[place].rawValue }
        }
        guard let row = try texts.value(for: symbol, in: stored.transaction) else {
            throw LedgerError.damaged("symbol \(symbol.rawValue) is used but not defined; run verify")
        }
        return row.text
    }

    func optionalText(_ symbol: Symbol) throws -> String? { symbol == .none ? nil : try text(symbol) }

    func agent(_ symbol: Symbol) throws -> AgentID? { try optionalText(symbol).map(AgentID.init(rawValue:)) }

    func category(_ symbol: Symbol) throws -> CategoryName? {
        try optionalText(symbol).map(CategoryName.init(rawValue:))
    }

    /// - Parameter agent: whose line it is.
    func line(_ line: LineRecord, of agent: AgentID) throws -> PricedLine {
        PricedLine(
            category: CategoryName(try text(line.category)),
            usageClass: try optionalText(line.usageClass).map(UsageClass.init(rawValue:)),
            quantity: Quantity(millionths: Int128(line.quantity)),
            price: try line.price.map { try price($0, of: agent) })
    }

    /// The lines in the order of their categories.
    func lines(_ lines: [LineRecord], of agent: AgentID) throws -> [PricedLine] {
        try lines.map { try line($0, of: agent) }.sorted { $0.category < $1.category }
    }

    private func price(_ record: PriceRecord, of agent: AgentID) throws -> LinePrice {
        LinePrice(
            cost: Money(picodollars: Int128(record.cost)), rate: record.rate,
            charges: try record.charges.map { charge in
                Charge(
                    rate: charge.rate, cost: Money(picodollars: Int128(charge.cost)),
                    metered: try charge.metered.map { try metered($0, of: agent) })
            })
    }

    private func metered(_ record: MeteredRecord, of agent: AgentID) throws -> MeteredUse {
        let meter = Meter(
            name: try text(record.meter), agent: record.isPerAgent ? agent : nil, period: record.period,
            start: record.start)
        return MeteredUse(meter: meter, consumed: Quantity(millionths: record.consumed))
    }

    func usage(_ record: UsageRecord) throws -> RecordedUsage {
        let agent = AgentID(try text(record.agent))
        let lines = try lines(record.lines, of: agent)
        let usage = try record.usage.map {
            ReportedUsage(UsageClass(try text($0.usageClass)), Quantity(millionths: Int128($0.quantity)))
        }.sorted { $0.usageClass < $1.usageClass }
        var context: [String: String] = [:]
        for entry in record.context { context[try text(entry.key)] = try text(entry.value) }
        let event = UsageEvent(
            id: record.id.id, agent: agent,
            lead: record.lead.map { LeadID(String(decoding: $0, as: UTF8.self)) },
            operation: OperationName(try text(record.operation)), time: record.time,
            provider: try optionalText(record.provider).map(ProviderName.init(rawValue:)),
            model: try optionalText(record.model).map(ModelName.init(rawValue:)),
            usage: usage,
            lines: usage.isEmpty ? lines.map { UsageLine(category: $0.category, quantity: $0.quantity) } : [],
            context: context, metadata: record.metadata.map(Metadata.init(canonicalBytes:)))
        return RecordedUsage(event: event, day: record.day, lines: lines)
    }

    func summary(_ effect: UsageEffect) throws -> UsageSummary {
        let agent = AgentID(try text(effect.agent))
        return UsageSummary(
            agent: agent, day: effect.day,
            operation: OperationName(try text(effect.operation)),
            model: try optionalText(effect.model).map(ModelName.init(rawValue:)),
            lines: try lines(effect.lines, of: agent))
    }

    func category(_ record: CategoryRecord) throws -> CostCategory {
        CostCategory(
            name: CategoryName(try text(record.category)),
            provider: try optionalText(record.provider).map(ProviderName.init(rawValue:)),
            unit: UnitName(record.unit), pricingModel: PricingModelName(record.pricingModel), summary: record.summary,
            match: record.match)
    }

    func rate(_ record: RateRecord) throws -> Rate { record.rate(of: CategoryName(try text(record.category))) }

    func provider(_ record: ProviderRecord) throws -> ProviderRule {
        ProviderRule(
            name: ProviderName(try text(record.provider)), aliases: record.aliases, models: record.models,
            fallbacks: try record.fallbacks.map { ProviderName(try text($0)) })
    }

    func budget(_ record: BudgetRecord) throws -> Budget {
        Budget(
            agent: try agent(record.identity.agent), category: try category(record.identity.category),
            period: record.identity.period, amount: record.amount, warningPercent: record.warningPercent,
            criticalPercent: record.criticalPercent)
    }

    func alert(_ key: AlertKey, _ row: AlertRow) throws -> Alert {
        Alert(
            id: key.id, agent: try agent(key.agent), category: try category(row.budget.category),
            threshold: row.threshold, thresholdPercent: row.percent, period: row.budget.period,
            periodStart: row.periodStart, spent: Money(picodollars: row.spent), amount: row.amount,
            sequenceNumber: key.sequenceNumber, time: row.time, isHighest: row.isHighest,
            status: row.acknowledgedBy == .zero ? .active : .acknowledged)
    }

    /// The entry with its names; nil for a definition of a symbol, which only the log's own bookkeeping needs, and for one
    /// that is lost.
    func entry(
        _ entry: Entry, at sequenceNumber: SequenceNumber, recordedAt: Timestamp
    ) throws -> RecordedEntry? {
        let content: RecordedEntry.Content
        switch entry {
        case .symbol, .lost: return nil
        case .usage(let record): content = .usage(try usage(record))
        case .void(let record):
            content = .void(target: record.target, reason: record.reason, former: try summary(record.effect))
        case .replacement(let record):
            content = .replacement(
                target: record.target, reason: record.reason, former: try summary(record.effect),
                usage: try usage(record.usage))
        case .rerating(let record):
            content = .rerating(
                target: record.target, reason: record.reason, former: try summary(record.effect),
                lines: try lines(record.lines, of: AgentID(try text(record.effect.agent))))
        case .category(let record): content = .category(try category(record))
        case .rate(let record): content = .rate(try rate(record))
        case .provider(let record): content = .provider(try provider(record))
        case .budget(let record): content = .budget(try budget(record))
        case .budgetRemoval(let identity):
            content = .budgetRemoved(
                agent: try agent(identity.agent), category: try category(identity.category), period: identity.period)
        case .setting(let record):
            content =
                record.kind == .currency
                ? .currency(record.value) : .timeZone(agent: try agent(record.agent), identifier: record.value)
        case .acknowledgement(let key): content = .acknowledgement(key.id)
        }
        return RecordedEntry(sequenceNumber: sequenceNumber, recordedAt: recordedAt, content: content)
    }
}

extension AlertKey {
    var id: AlertID { AlertID("\(sequenceNumber)-\(ordinal)") }
}
