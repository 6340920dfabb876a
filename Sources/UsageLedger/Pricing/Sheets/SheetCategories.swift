/// The categories of a price sheet: one for each provider and class of usage, made when its first rate is.
struct SheetCategories {
    private(set) var categories: [CostCategory] = []
    private var names: Set<CategoryName> = []

    /// `openai_input_tokens`, `x-ai_output_tokens`.
    static func name(_ provider: ProviderName, _ usageClass: UsageClass) -> CategoryName {
        CategoryName("\(provider)_\(usageClass)")
    }

    /// Makes the category of `usageClass` of `provider`, unless it is there.
    mutating func declare(_ provider: ProviderName, _ usageClass: UsageClass) {
        let name = Self.name(provider, usageClass)
        guard names.insert(name).inserted else { return }
        let unit = Self.unit(of: usageClass)
        categories.append(
            CostCategory(
                name: name, provider: provider, unit: unit, pricingModel: PricingModelName("per_\(unit)"),
                match: UsageMatch(usageClass, models: .any)))
    }

    /// What a quantity of 1 of a class is: the last word of its name says it.
    static func unit(of usageClass: UsageClass) -> UnitName {
        let units: [(ending: String, unit: UnitName)] = [
            ("tokens", "token"), ("seconds", "second"), ("characters", "character"), ("pages", "page"),
            ("images", "image"), ("messages", "message"), ("pixels", "pixel"), ("credits", "credit"),
            ("sessions", "session"), ("executions", "execution"), ("searches", "request"), ("queries", "request"),
            ("requests", "request"),
        ]
        return units.first { usageClass.rawValue.hasSuffix($0.ending) }?.unit ?? "unit"
    }
}

/// Rates of one model of a price sheet, collected until all of them are known to be understood.
struct SheetRates {
    let provider: ProviderName
    let models: [ModelPattern]
    let source: String
    private(set) var rates: [(usageClass: UsageClass, rate: Rate)] = []

    init(provider: ProviderName, models: [ModelPattern], source: String) throws(SheetObjection) {
        do throws(LedgerError) {
            try Validation.checkName(provider, field: "provider")
        } catch { throw SheetObjection(error.message) }
        self.provider = provider
        self.models = models
        self.source = source
    }

    /// Adds a rate of the model for `usageClass`; its category, models and source follow from the model.
    mutating func add(
        _ usageClass: UsageClass, _ price: RatePrice, component: ComponentName = .base,
        from: Timestamp = Limits.earliestTime, until: Timestamp? = nil, conditions: RateConditions = .none,
        priority: Int = 0, note: String = ""
    ) throws(SheetObjection) {
        let rate = Rate(
            category: SheetCategories.name(provider, usageClass), models: models, component: component, price: price,
            effectiveFrom: from, effectiveUntil: until, conditions: conditions, priority: priority,
            source: note.isEmpty ? source : "\(source); \(note)")
        do throws(LedgerError) { try Validation.checked(rate) } catch { throw SheetObjection(error.message) }
        rates.append((usageClass, rate))
    }
}

/// Why a part of a price sheet is left out; a clause about it.
struct SheetObjection: Error {
    var reason: String

    init(_ reason: String) { self.reason = reason }
}

extension RateSheet {
    /// Adds the rates of a model that was understood as a whole.
    mutating func append(_ model: SheetRates, _ categories: inout SheetCategories) {
        for (usageClass, rate) in model.rates {
            categories.declare(model.provider, usageClass)
            rates.append(rate)
        }
    }
}

extension UnitPrice {
    /// The price that a sheet publishes as a decimal number for `per` units.
    ///
    /// Sheets carry figures that someone divided (`0.08333333333333334`). Where one is finer than an amount can be, the
    /// same figure for so many thousand times the units is taken, which is exact.
    /// - Parameter text: as it stands in the sheet: `2.5e-06`.
    /// - Parameter shift: the power of ten by which the figure is multiplied: 6 for one per token, where `per` is a
    ///   million.
    init(sheet text: String, shiftedBy shift: Int = 0, per: Quantity, minimum: Quantity = .zero) throws(SheetObjection)
    {
        let parts = text.split(whereSeparator: { $0 == "e" || $0 == "E" })
        guard 1...2 ~= parts.count, let power = parts.count == 2 ? Int(parts[1]) : 0, !text.hasPrefix("-"),
            -10_000...10_000 ~= power
        else {
            throw SheetObjection("'\(text)' is not an amount")
        }
        var (exponent, scaled) = (power + shift, per)
        while Quantity.lineRange.contains(scaled) {
            if let amount = try? Money(parsing: "\(parts[0])e\(exponent)") {
                self.init(amount, per: scaled, minimum: minimum)
                return
            }
            scaled.millionths *= 1000
            exponent += 3
        }
        throw SheetObjection("'\(text)' is finer than an amount can be")
    }
}
