/// Reads the price table of genai-prices: providers with their models, each with its prices, their history, and what of
/// them depends on a call's context.
///
/// The format is that of its published `data.json` (version 0.2.3). A model with anything that is not known here is
/// left out as a whole.
enum GenAIPricesSheet {
    /// - Throws: ``LedgerError`` with code `invalidArgument` when `json` is not a list of providers.
    static func read(_ json: JSONValue) throws(LedgerError) -> RateSheet {
        guard let providers = json.elements else {
            throw .invalidArgument("sheet", "is not a list of providers, as genai-prices has it")
        }
        var sheet = RateSheet()
        var categories = SheetCategories()
        for provider in providers { add(provider, to: &sheet, &categories) }
        sheet.categories = categories.categories
        return sheet
    }

    // MARK: Providers

    private static let providerKeys: Set<String> = [
        "id", "name", "api_pattern", "pricing_urls", "models", "extractors", "provider_match", "model_match",
        "price_comments", "description", "fallback_model_providers",
    ]

    private static func add(_ json: JSONValue, to sheet: inout RateSheet, _ categories: inout SheetCategories) {
        let id = json["id"]?.text ?? "?"
        do throws(SheetObjection) {
            try checkKeys(of: json, providerKeys)
            let rule = try providerRule(id, json)
            guard let models = json["models"]?.elements else { throw SheetObjection("has no list of models") }
            sheet.providers.append(rule)
            let source = source(json)
            for model in models { add(model, of: rule.name, source, to: &sheet, &categories) }
        } catch {
            sheet.notUnderstood.append(RateSheet.NotUnderstood(name: id, reason: error.reason))
        }
    }

    private static func providerRule(_ id: String, _ json: JSONValue) throws(SheetObjection) -> ProviderRule {
        var rule = ProviderRule(name: ProviderName(id))
        if let match = json["provider_match"], match != .null { rule.aliases = try patterns(match) }
        if let match = json["model_match"], match != .null { rule.models = try patterns(match) }
        for fallback in json["fallback_model_providers"]?.elements ?? [] {
            guard let name = fallback.text else { throw SheetObjection("has a fallback that is not a name") }
            rule.fallbacks.append(ProviderName(name))
        }
        do throws(LedgerError) { try Validation.checked(rule) } catch { throw SheetObjection(error.message) }
        return rule
    }

    /// The page that the provider's prices come from.
    private static func source(_ json: JSONValue) -> String {
        guard let url = json["pricing_urls"]?.elements?.first?.text, url.utf8.count <= 512 else {
            return "genai-prices"
        }
        return "genai-prices, \(url)"
    }

    // MARK: Models

    private static let modelKeys: Set<String> = [
        "id", "match", "prices", "name", "context_window", "price_comments", "description", "price_variants",
        "deprecated",
    ]

    private static func add(
        _ json: JSONValue, of provider: ProviderName, _ source: String, to sheet: inout RateSheet,
        _ categories: inout SheetCategories
    ) {
        let id = json["id"]?.text ?? "?"
        do throws(SheetObjection) {
            try checkKeys(of: json, modelKeys)
            guard let match = json["match"] else { throw SheetObjection("has no match") }
            var model = try SheetRates(provider: provider, models: try patterns(match), source: source)
            try addStandardPrices(json["prices"], id, to: &model)
            try addVariants(json["price_variants"], id, to: &model)
            guard !model.rates.isEmpty else { throw SheetObjection("has no prices") }
            sheet.append(model, &categories)
        } catch {
            sheet.notUnderstood.append(RateSheet.NotUnderstood(name: "\(provider)/\(id)", reason: error.reason))
        }
    }

    /// Refuses what this reader does not know: it may change the price.
    static func checkKeys(of json: JSONValue, _ known: Set<String>) throws(SheetObjection) {
        guard let members = json.members else { throw SheetObjection("is not an object") }
        for member in members where !known.contains(member.key) {
            throw SheetObjection("has the unknown key '\(member.key)'")
        }
    }
}
