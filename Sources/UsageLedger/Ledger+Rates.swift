import LMDB

extension Ledger {
    /// Declares a category, or changes the one of the same name. Declaring the same again does nothing.
    ///
    /// - Throws: ``LedgerError`` with code `invalidArgument` naming the field; as ``record(_:)-(UsageEvent)``.
    public func declare(_ category: CostCategory) async throws(LedgerError) {
        try Validation.checked(category)
        try await perform { _, builder in
            if builder.declared.card.category(category.name) == category { return }
            try builder.declare(category)
        }
    }

    /// Declares a provider's other names and models, or changes the one of the same name. Declaring the same again does
    /// nothing.
    ///
    /// - Throws: ``LedgerError`` with code `invalidArgument` naming the field; as ``record(_:)-(UsageEvent)``.
    public func declare(_ provider: ProviderRule) async throws(LedgerError) {
        try Validation.checked(provider)
        try await perform { _, builder in
            if builder.declared.card.providers.contains(provider) { return }
            try builder.declare(provider)
        }
    }

    /// Adds a rate to a category's history. Events recorded from now on whose time it covers are priced with it; what was
    /// recorded keeps its price.
    ///
    /// - Returns: the entry that declares the rate.
    /// - Throws: ``LedgerError``: `unknownCategory`; `invalidArgument` or `outOfRange` naming the field; as
    ///   ``record(_:)-(UsageEvent)``.
    @discardableResult
    public func set(_ rate: Rate) async throws(LedgerError) -> SequenceNumber {
        try Validation.checked(rate)
        return try await perform { _, builder in
            guard builder.declared.card.category(rate.category) != nil else {
                throw LedgerError.unknownCategory(rate.category)
            }
            let inForce = builder.declared.card.history(of: rate.category)
                .last { $0.rate.effectiveFrom == rate.effectiveFrom && $0.rate.series == rate.series }
            if let inForce, inForce.rate == rate { return inForce.sequenceNumber }
            return try builder.declare(rate)
        }
    }

    /// Declares what a sheet says and the ledger does not know, in one commit.
    ///
    /// - Parameters:
    ///   - sheet: what to declare; what of it was not understood is left out.
    ///   - effectiveFrom: from when on its prices hold; see ``RateCard/comparison(with:effectiveFrom:now:)``.
    /// - Returns: what was declared.
    /// - Throws: ``LedgerError``: `invalidArgument` or `outOfRange` naming the field; as ``record(_:)-(UsageEvent)``.
    @discardableResult
    public func importRates(
        _ sheet: RateSheet, effectiveFrom: Timestamp? = nil
    ) async throws(LedgerError) -> RateComparison {
        for category in sheet.categories { try Validation.checked(category) }
        for rate in sheet.rates { try Validation.checked(rate) }
        for provider in sheet.providers { try Validation.checked(provider) }
        let now = options.clock()
        return try await perform { _, builder in
            let card = builder.declared.card
            let comparison = card.comparison(with: sheet, effectiveFrom: effectiveFrom, now: now)
            let known = Set(card.categories.map(\.name)).union(comparison.categories.map(\.name))
            for rate in comparison.declarations.rates where !known.contains(rate.category) {
                throw LedgerError.unknownCategory(rate.category)
            }
            if !comparison.isEmpty { try builder.declare(comparison.declarations) }
            return comparison
        }
    }
}

extension LedgerError {
    static func unknownCategory(_ category: CategoryName) -> LedgerError {
        LedgerError(
            .unknownCategory, "no category '\(category)' is known; see the list with `categories`, or declare it first",
            field: "category")
    }
}
