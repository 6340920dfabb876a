extension Validation {
    static func checked(_ category: CostCategory) throws(LedgerError) {
        try checkName(category.name, field: "category")
        if let provider = category.provider { try checkName(provider, field: "provider") }
        try checkName(category.unit, field: "unit")
        try checkName(category.pricingModel, field: "pricingModel")
        try checkText(category.summary, in: 0...Limits.reasonBytes.upperBound, field: "summary")
        guard let match = category.match else { return }
        try checkName(match.usageClass, field: "match.usageClass")
        switch match.models {
        case .exact(let name): try checkName(name, field: "match.models")
        case .prefix(let text), .containing(let text): try checkText(text, in: Limits.nameBytes, field: "match.models")
        case .any: break
        }
    }

    static func checked(_ card: RateCard) throws(LedgerError) {
        for category in card.categories {
            try checked(category)
            for known in card.history(of: category.name) { try checked(known.rate) }
        }
    }

    static func checked(_ rate: Rate) throws(LedgerError) {
        try checkName(rate.category, field: "category")
        guard Money.lineRange.contains(rate.amount) else {
            throw .invalidArgument("amount", "\(rate.amount) is not between 0 and \(Money.lineRange.upperBound)")
        }
        guard rate.per > .zero, Quantity.lineRange.contains(rate.per) else {
            throw .invalidArgument(
                "per", "\(rate.per) is not more than zero and at most \(Quantity.lineRange.upperBound)")
        }
        try checkText(rate.source, in: 0...Limits.reasonBytes.upperBound, field: "source")
    }
}
