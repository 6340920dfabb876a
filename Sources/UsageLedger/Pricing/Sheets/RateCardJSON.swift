/// The ledger's own format of rate cards, which the article "Rate cards" describes.
///
/// Numbers are decimal strings, so that no reader takes them through binary floating point.
enum RateCardJSON {
    static let name = "usage-ledger-rates"
    static let version = 1

    /// - Throws: ``LedgerError`` with code `invalidArgument`, which names the place: `rates[3].tiers.steps[1].amount`.
    static func read(_ json: JSONValue) throws(LedgerError) -> RateSheet {
        var card = try ObjectReader(json, at: "card")
        guard try card.string("format") == name else {
            throw .invalidArgument("format", "is not '\(name)'")
        }
        guard let version = Int(try card.decimal("version")), version == Self.version else {
            throw .invalidArgument("version", "of the rate card is not \(Self.version)")
        }
        _ = try card.optionalString("currency")
        var sheet = RateSheet()
        sheet.providers = try card.list("providers").map(provider)
        sheet.categories = try card.list("categories").map(category)
        sheet.rates = try card.list("rates").map(rate)
        try card.finish()
        return sheet
    }

    // MARK: Providers and categories

    private static func provider(_ element: (json: JSONValue, place: String)) throws(LedgerError) -> ProviderRule {
        var object = try ObjectReader(element.json, at: element.place)
        var provider = ProviderRule(name: ProviderName(try object.string("name")))
        provider.aliases = try object.list("aliases").map(pattern)
        provider.models = try object.list("models").map(pattern)
        provider.fallbacks = try object.list("fallbacks").map { element throws(LedgerError) in
            ProviderName(try text(element))
        }
        try object.finish()
        try object.located { () throws(LedgerError) in try Validation.checked(provider) }
        return provider
    }

    private static func category(_ element: (json: JSONValue, place: String)) throws(LedgerError) -> CostCategory {
        var object = try ObjectReader(element.json, at: element.place)
        var category = CostCategory(
            name: CategoryName(try object.string("name")),
            provider: try object.optionalString("provider").map(ProviderName.init(rawValue:)),
            unit: UnitName(try object.string("unit")),
            pricingModel: PricingModelName(try object.string("pricingModel")),
            summary: try object.optionalString("summary") ?? "")
        if var match = try object.object("match") {
            let models = try match.value("models").map(pattern) ?? .any
            category.match = UsageMatch(UsageClass(try match.string("class")), models: models)
            try match.finish()
        }
        try object.finish()
        let checked = category
        try object.located { () throws(LedgerError) in try Validation.checked(checked) }
        return category
    }

    static func pattern(_ element: (json: JSONValue, place: String)) throws(LedgerError) -> ModelPattern {
        if let name = element.json.text { return .exact(ModelName(name)) }
        var object = try ObjectReader(element.json, at: element.place)
        let pattern: ModelPattern
        if let prefix = try object.optionalString("prefix") {
            pattern = .prefix(prefix)
        } else if let suffix = try object.optionalString("suffix") {
            pattern = .suffix(suffix)
        } else if let part = try object.optionalString("containing") {
            pattern = .containing(part)
        } else if let source = try object.optionalString("regex") {
            pattern = .regularExpression(source)
        } else if let any = try object.optionalBool("any") {
            guard any else { throw .invalidArgument(object.place("any"), "can only be true") }
            pattern = .any
        } else {
            pattern = .all(try object.list("all").map(Self.pattern))
        }
        try object.finish()
        return pattern
    }

    private static func text(_ element: (json: JSONValue, place: String)) throws(LedgerError) -> String {
        guard let text = element.json.text else {
            throw .invalidArgument(element.place, "is not a string")
        }
        return text
    }

    // MARK: Rates

    private static func rate(_ element: (json: JSONValue, place: String)) throws(LedgerError) -> Rate {
        var object = try ObjectReader(element.json, at: element.place)
        var rate = Rate(category: CategoryName(try object.string("category")), price: try price(&object))
        rate.models = try object.list("models").map(pattern)
        if let component = try object.optionalString("component") { rate.component = ComponentName(component) }
        if let from = try time(&object, "from") { rate.effectiveFrom = from }
        rate.effectiveUntil = try time(&object, "until")
        if let when = try object.object("when") { rate.conditions = try conditions(when) }
        if let priority = try object.optionalDecimal("priority") {
            guard let number = Int(priority) else { throw .invalidArgument(object.place("priority"), "is no integer") }
            rate.priority = number
        }
        rate.source = try object.optionalString("source") ?? ""
        _ = object.value("knownSince")  // says when another ledger learnt of it
        try object.finish()
        let checked = rate
        try object.located { () throws(LedgerError) in try Validation.checked(checked) }
        return rate
    }

    private static func price(_ object: inout ObjectReader) throws(LedgerError) -> RatePrice {
        if let tiers = try object.object("tiers") { return .tiered(try Self.tiers(tiers)) }
        if let flat = try object.optionalMoney("flat") { return .flat(flat) }
        if let factor = try object.optionalFactor("multiplier") { return .multiplier(factor) }
        if let percent = try object.optionalFactor("percentage") { return .percentage(percent) }
        return .unit(try unitPrice(&object))
    }

    private static func unitPrice(_ object: inout ObjectReader) throws(LedgerError) -> UnitPrice {
        guard let amount = try object.optionalMoney("amount") else {
            throw .invalidArgument(object.place("amount"), "is missing")
        }
        return UnitPrice(
            amount, per: try object.optionalQuantity("per") ?? 1,
            minimum: try object.optionalQuantity("minimum") ?? .zero)
    }

    private static func tiers(_ json: ObjectReader) throws(LedgerError) -> TieredPrice {
        var object = json
        let name = try object.string("mode")
        let mode: TieredPrice.Mode
        switch name {
        case "cliff": mode = .cliff
        case "graduated": mode = .graduated(try metering(&object))
        case "volume": mode = .volume(try metering(&object))
        default:
            throw .invalidArgument(
                object.place("mode"), "\(FormatFailure.quoted(name)) is none of cliff, graduated and volume")
        }
        let isInclusive = try object.optionalBool("inclusive") ?? false
        let steps = try object.list("steps").map { element throws(LedgerError) in
            var step = try ObjectReader(element.json, at: element.place)
            let above = try step.optionalQuantity("above") ?? .zero
            let price = try unitPrice(&step)
            try step.finish()
            return TieredPrice.Step(above: above, price)
        }
        try object.finish()
        return TieredPrice(mode, isInclusive: isInclusive, steps: steps)
    }

    private static func metering(_ object: inout ObjectReader) throws(LedgerError) -> TieredPrice.Metering {
        let name = try object.optionalString("period") ?? CalendarPeriod.month.rawValue
        guard let period = CalendarPeriod(rawValue: name) else {
            throw .invalidArgument(
                object.place("period"), "\(FormatFailure.quoted(name)) is none of day, week, month, quarter and year")
        }
        return TieredPrice.Metering(
            per: period, timeZone: try object.optionalString("timeZone") ?? "UTC",
            isPerAgent: try object.optionalBool("perAgent") ?? false, meter: try object.optionalString("meter"))
    }

    private static func conditions(_ json: ObjectReader) throws(LedgerError) -> RateConditions {
        var object = json
        var conditions = RateConditions()
        for member in try object.members("context") {
            guard let value = member.value.text else {
                throw .invalidArgument(object.place("context.\(member.key)"), "is not a string")
            }
            conditions.context[member.key] = value
        }
        conditions.hours = try object.list("hours").map { element throws(LedgerError) in
            let text = try text(element)
            return try ObjectReader.located(element.place) { () throws(LedgerError) in try DailyHours(parsing: text) }
        }
        for element in try object.list("weekdays") {
            let name = try text(element)
            guard let weekday = Weekday(abbreviation: name) else {
                throw .invalidArgument(
                    element.place, "\(FormatFailure.quoted(name)) is none of mon, tue, wed, thu, fri, sat and sun")
            }
            conditions.weekdays.insert(weekday)
        }
        conditions.timeZone = try object.optionalString("timeZone") ?? "UTC"
        conditions.weekdayTimeZone = try object.optionalString("weekdayTimeZone")
        try object.finish()
        return conditions
    }

    /// A moment: RFC 3339, a day (midnight in UTC), or a day with a zone (midnight there).
    private static func time(_ object: inout ObjectReader, _ key: String) throws(LedgerError) -> Timestamp? {
        guard let element = object.value(key) else { return nil }
        if let text = element.json.text {
            if let day = try? Day(parsing: text) { return TimeZoneRules.utc.start(of: day) }
            guard let time = try? Timestamp(parsing: text) else {
                throw .invalidArgument(element.place, "\(FormatFailure.quoted(text)) is neither a time nor a day")
            }
            return time
        }
        var local = try ObjectReader(element.json, at: element.place)
        let dayText = try local.string("day")
        let day = try local.located("day") { () throws(LedgerError) in try Day(parsing: dayText) }
        let name = try local.string("timeZone")
        let zone = try local.located("timeZone") { () throws(LedgerError) in try TimeZoneRules(identifier: name) }
        try local.finish()
        return zone.start(of: day)
    }
}
