extension Entry {
    /// The symbols that an entry uses.
    var symbols: [Symbol] {
        switch self {
        case .symbol, .lost: []
        case .usage(let record): record.symbols
        case .void(let record): record.effect.symbols
        case .replacement(let record): record.effect.symbols + record.usage.symbols
        case .rerating(let record): record.effect.symbols + record.lines.flatMap(\.symbols)
        case .category(let record): [record.category, record.provider]
        case .rate(let record): [record.category]
        case .provider(let record): [record.provider] + record.fallbacks
        case .budget(let record): [record.identity.agent, record.identity.category]
        case .budgetRemoval(let identity): [identity.agent, identity.category]
        case .setting(let record): [record.agent]
        case .acknowledgement(let key): [key.agent]
        }
    }

    /// What an adjustment is about.
    var target: SequenceNumber? {
        switch self {
        case .void(let record): record.target
        case .replacement(let record): record.target
        case .rerating(let record): record.target
        default: nil
        }
    }
}

extension UsageRecord {
    fileprivate var symbols: [Symbol] {
        [agent, operation, provider, model] + context.flatMap { [$0.key, $0.value] } + usage.map(\.usageClass)
            + lines.flatMap(\.symbols)
    }
}

extension UsageEffect {
    fileprivate var symbols: [Symbol] { [agent, operation, model] + lines.flatMap(\.symbols) }
}

extension LineRecord {
    fileprivate var symbols: [Symbol] {
        [category, usageClass] + (price?.charges ?? []).compactMap(\.metered?.meter)
    }
}
