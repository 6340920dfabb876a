extension GenAIPricesSheet {
    /// The models or providers that a match clause is for, any of the patterns.
    static func patterns(_ match: JSONValue) throws(SheetObjection) -> [ModelPattern] {
        guard let clause = match.members?.first, clause.key == "or", match.members?.count == 1 else {
            return [try pattern(match)]
        }
        guard let clauses = clause.value.elements, !clauses.isEmpty else { throw SheetObjection("has an empty match") }
        var patterns: [ModelPattern] = []
        for clause in clauses { patterns += try Self.patterns(clause) }
        return patterns
    }

    private static func pattern(_ match: JSONValue) throws(SheetObjection) -> ModelPattern {
        guard let clause = match.members?.first, match.members?.count == 1 else {
            throw SheetObjection("has a match that is not one clause")
        }
        if clause.key == "and" {
            var patterns: [ModelPattern] = []
            for part in clause.value.elements ?? [] { patterns.append(try pattern(part)) }
            guard !patterns.isEmpty else { throw SheetObjection("has an empty match") }
            return .all(patterns)
        }
        guard let text = clause.value.text else { throw SheetObjection("has a match '\(clause.key)' without a text") }
        switch clause.key {
        case "equals": return .exact(ModelName(text))
        case "starts_with": return .prefix(text)
        case "ends_with": return .suffix(text)
        case "contains": return .containing(text)
        case "regex": return .regularExpression(text)
        default: throw SheetObjection("has a match of the unknown kind '\(clause.key)'")
        }
    }
}
