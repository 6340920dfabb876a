extension CommitBuilder {
    /// Declares the category that reported usage falls into when no declared one matches.
    mutating func declareCategory(of line: PricedLine, provider: ProviderName?) throws(LedgerError) {
        let isToken = line.usageClass?.rawValue.hasSuffix("_tokens") ?? false
        let category = CostCategory(
            name: line.category, provider: provider, unit: isToken ? "token" : "unit",
            pricingModel: isToken ? "per_token" : "per_unit",
            summary: "Reported usage that no other category matches; unpriced until a rate is set")
        try declare(category)
    }

    mutating func declare(_ category: CostCategory) throws(LedgerError) {
        append(.category(try record(category)), declaring: .category(category))
    }

    @discardableResult
    mutating func declare(_ rate: Rate) throws(LedgerError) -> SequenceNumber {
        append(.rate(try record(rate)), declaring: .rate(rate))
    }

    mutating func declare(_ provider: ProviderRule) throws(LedgerError) {
        append(.provider(try record(provider)), declaring: .provider(provider))
    }

    /// Declares what a sheet says, the names that it uses first.
    mutating func declare(_ sheet: RateSheet) throws(LedgerError) {
        var declarations: [(Entry, RecordedEntry.Content)] = []
        for category in sheet.categories {
            declarations.append((.category(try record(category)), .category(category)))
        }
        for rate in sheet.rates { declarations.append((.rate(try record(rate)), .rate(rate))) }
        for provider in sheet.providers {
            declarations.append((.provider(try record(provider)), .provider(provider)))
        }
        append(declarations: declarations)
    }

    private mutating func record(_ category: CostCategory) throws(LedgerError) -> CategoryRecord {
        CategoryRecord(
            category: try symbol(for: category.name), provider: try symbol(for: category.provider),
            unit: category.unit.rawValue, pricingModel: category.pricingModel.rawValue, summary: category.summary,
            match: category.match)
    }

    private mutating func record(_ rate: Rate) throws(LedgerError) -> RateRecord {
        RateRecord(rate, category: try symbol(for: rate.category))
    }

    private mutating func record(_ provider: ProviderRule) throws(LedgerError) -> ProviderRecord {
        var record = ProviderRecord(
            provider: try symbol(for: provider.name), aliases: provider.aliases, models: provider.models,
            fallbacks: [])
        for fallback in provider.fallbacks { record.fallbacks.append(try symbol(for: fallback)) }
        return record
    }
}
