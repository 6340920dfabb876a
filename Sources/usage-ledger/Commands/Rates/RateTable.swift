import UsageLedger

extension JSONWriter {
    /// Writes the fields of a category's rate; null where there is none.
    mutating func fields(of known: KnownRate?, category: CategoryName) {
        field("category", category)
        guard let known else {
            for name in ["amount", "per", "price", "effectiveFrom", "source", "sequence", "recordedAt"] {
                field(name) { $0.null() }
            }
            return
        }
        fields(of: known.rate)
        field("source", known.rate.source)
        field("sequence", known.sequenceNumber.rawValue)
        field("recordedAt", known.recordedAt.description)
    }

    private mutating func fields(of rate: Rate) {
        if !rate.models.isEmpty {
            field("models") { writer in
                writer.array { writer in
                    for pattern in rate.models { writer.value(pattern.inWords) }
                }
            }
        }
        if rate.component != .base { field("component", rate.component) }
        let unit: UnitPrice? = if case .unit(let price) = rate.price { price } else { nil }
        field("amount", unit?.amount)
        field("per", unit?.per)
        field("price", rate.price.description)
        field("effectiveFrom", rate.effectiveFrom.description)
        if let until = rate.effectiveUntil { field("effectiveUntil", until.description) }
        if rate.conditions != .none { field("when", rate.conditions.inWords) }
    }
}

/// A table of rates, one a row.
struct RateTable {
    private var table: Table
    private let showsKnowledge: Bool

    init(_ currency: String, showsKnowledge: Bool = false) {
        self.showsKnowledge = showsKnowledge
        table = Table(
            .text("Category"), .text("Models", isOptional: true), .text("Component", isOptional: true),
            .text("Price \(currency)"), .text("When", isOptional: true), .text("From"),
            .text("Until", isOptional: true), .number("Entry"), .text("Known since", isOptional: true),
            .text("Source", isOptional: true))
    }

    mutating func add(_ category: CategoryName, _ known: KnownRate?) {
        guard let known else { return table.add(category.rawValue, "", "", "unpriced", "", "", "", "", "", "") }
        let rate = known.rate
        table.add(
            category.rawValue, rate.modelsInWords, rate.component == .base ? "" : rate.component.rawValue,
            rate.price.description, rate.conditions.inWords, rate.effectiveFrom.description,
            rate.effectiveUntil?.description ?? "", known.sequenceNumber.description,
            showsKnowledge ? known.recordedAt.description : "", rate.source)
    }

    var text: String { table.text }
}

extension Rate {
    /// The first two models and how many more.
    var modelsInWords: String {
        let names = models.prefix(2).map(\.inWords).joined(separator: ", ")
        return models.count > 2 ? "\(names) and \(models.count - 2) more" : names
    }
}

extension RateConditions {
    /// `service_tier=flex, 01:00-04:00 Asia/Shanghai, mon tue`; empty for none.
    var inWords: String {
        var parts = context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !hours.isEmpty { parts.append("\(hours.map(\.description).joined(separator: " ")) \(timeZone)") }
        if !weekdays.isEmpty {
            let days = weekdays.sorted().map(\.abbreviation).joined(separator: " ")
            parts.append("\(days) \(weekdayTimeZone ?? timeZone)")
        }
        return parts.joined(separator: ", ")
    }
}

extension ModelPattern {
    /// With stars for what may stand there: `*gpt-4*`; a regular expression between slashes.
    var inWords: String {
        switch self {
        case .exact(let name): name.rawValue
        case .prefix(let prefix): prefix + "*"
        case .suffix(let suffix): "*" + suffix
        case .containing(let part): "*\(part)*"
        case .regularExpression(let source): "/\(source)/"
        case .all(let patterns): patterns.map(\.inWords).joined(separator: " & ")
        case .any: "*"
        }
    }
}
