/// Reads the price sheet of litellm (`model_prices_and_context_window.json`, version 1.106.2): an object of models,
/// each with its prices per unit.
///
/// Every key of a model is either understood, known to be no price, or a reason to leave the model out.
enum LiteLLMSheet {
    /// - Throws: ``LedgerError`` with code `invalidArgument` when `json` is not an object of models.
    /// - Complexity: O(members).
    static func read(_ json: JSONValue) throws(LedgerError) -> RateSheet {
        guard let members = json.members else {
            throw .invalidArgument("sheet", "is not an object of models, as litellm has it")
        }
        let models = members.filter { !notModels.contains($0.key) }
        let names = LiteLLMNames(models)
        var sheet = RateSheet()
        var categories = SheetCategories()
        for model in models { add(model, names, to: &sheet, &categories) }
        sheet.categories = categories.categories
        for rule in providerRules(names) { add(rule, to: &sheet) }
        return sheet
    }

    /// Adds a rule, unless its names are too long to be kept.
    private static func add(_ rule: ProviderRule, to sheet: inout RateSheet) {
        do throws(LedgerError) {
            try Validation.checked(rule)
            sheet.providers.append(rule)
        } catch {
            sheet.notUnderstood.append(RateSheet.NotUnderstood(name: rule.name.rawValue, reason: error.message))
        }
    }

    /// An example of all keys, and rules for models that the sheet does not name.
    private static let notModels: Set<String> = ["sample_spec", "fallback_generalizations"]

    private static func add(
        _ model: JSONValue.Member, _ names: LiteLLMNames, to sheet: inout RateSheet, _ categories: inout SheetCategories
    ) {
        do throws(SheetObjection) {
            var entry = try LiteLLMEntry(model, names)
            try entry.addTokens()
            try entry.addOffPeak()
            try entry.addUnits()
            try entry.addSearches()
            try entry.addMultipliers()
            try entry.checkRest()
            guard !entry.rates.rates.isEmpty else { throw SheetObjection("has no prices") }
            sheet.append(entry.rates, &categories)
            for (part, reason) in entry.partsLeftOut {
                sheet.notUnderstood.append(RateSheet.NotUnderstood(name: "\(model.key): \(part)", reason: reason))
            }
        } catch {
            sheet.notUnderstood.append(RateSheet.NotUnderstood(name: model.key, reason: error.reason))
        }
    }
}
