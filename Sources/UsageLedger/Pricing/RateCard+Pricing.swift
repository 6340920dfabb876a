/// A usage line with the price that was found for it.
public struct PricedLine: Hashable, Sendable {
    public var category: CategoryName
    /// The reported class that became this line; nil for lines that the event named itself.
    public var usageClass: UsageClass?
    public var quantity: Quantity
    /// What the line costs, by which rate; nil where no rate was in force: unpriced, which is not zero.
    public var price: LinePrice?
}

/// The cost of a line and the rate that gave it.
public struct LinePrice: Hashable, Sendable {
    public var cost: Money
    /// The log entry that declared the rate.
    public var rate: SequenceNumber
}

extension RateCard {
    /// The lines of an event, each priced by the rate in force at `time`.
    ///
    /// Reported usage becomes one line a class that has a category of its own; a class without one is part of its parent's
    /// line, and a class without a parent gets the category `PROVIDER_CLASS`, which has no rate until one is set.
    /// - Throws: ``LedgerError``: `invalidEvent` when a part is larger than its parent or given without it,
    ///   `unknownCategory` when a named category was never declared, `outOfRange` when a cost does not fit.
    public func price(_ event: UsageEvent, at time: Timestamp) throws(LedgerError) -> [PricedLine] {
        var lines = event.usage.isEmpty ? try namedLines(of: event) : try reportedLines(of: event)
        for index in lines.indices {
            guard let known = rate(of: lines[index].category, at: time) else { continue }
            do throws(LedgerError) {
                let cost = try known.rate.cost(of: lines[index].quantity)
                lines[index].price = LinePrice(cost: cost, rate: known.sequenceNumber)
            } catch {
                var error = error
                error.field = event.usage.isEmpty ? "lines" : "usage"
                throw error
            }
        }
        return lines
    }

    private func namedLines(of event: UsageEvent) throws(LedgerError) -> [PricedLine] {
        var lines: [PricedLine] = []
        lines.reserveCapacity(event.lines.count)
        for (index, line) in event.lines.enumerated() {
            guard categoriesByName[line.category] != nil else {
                throw LedgerError(
                    .unknownCategory,
                    "lines[\(index)].category: no category '\(line.category)' is known; see the list with `categories`, "
                        + "or declare it with `rates set`",
                    field: "lines[\(index)].category")
            }
            lines.append(PricedLine(category: line.category, quantity: line.quantity))
        }
        return lines
    }

    private func reportedLines(of event: UsageEvent) throws(LedgerError) -> [PricedLine] {
        var lines: [PricedLine] = []
        lines.reserveCapacity(event.usage.count)
        for reported in event.usage {
            let usageClass = reported.usageClass
            let matched = category(for: usageClass, provider: event.provider, model: event.model)
            // A part without a category of its own stays in its parent's line.
            if usageClass.parent != nil, matched == nil { continue }
            var quantity = reported.quantity
            for part in event.usage where part.usageClass.parent == usageClass {
                guard part.quantity <= reported.quantity else { throw .partExceedsParent(part, reported) }
                if category(for: part.usageClass, provider: event.provider, model: event.model) != nil {
                    quantity = quantity - part.quantity
                }
            }
            guard quantity >= .zero else {
                throw .invalidEvent("usage", "the parts of \(usageClass) add up to more than its \(reported.quantity)")
            }
            let name = matched ?? Self.undeclaredCategory(of: usageClass, provider: event.provider)
            // Names of 128 bytes each make one that no rate could ever be set for.
            try Validation.checkName(name, field: "usage.\(usageClass)")
            lines.append(PricedLine(category: name, usageClass: usageClass, quantity: quantity))
        }
        for part in event.usage {
            guard let parent = part.usageClass.parent else { continue }
            guard event.usage.contains(where: { $0.usageClass == parent }) else {
                throw .invalidEvent("usage.\(part.usageClass)", "is a part of \(parent), which is not given")
            }
        }
        return lines
    }

    /// The category of a class that no declared category matches: `mistral_input_tokens`, `unknown_input_tokens`.
    static func undeclaredCategory(of usageClass: UsageClass, provider: ProviderName?) -> CategoryName {
        CategoryName("\(provider?.rawValue ?? "unknown")_\(usageClass)")
    }
}

extension LedgerError {
    fileprivate static func partExceedsParent(_ part: ReportedUsage, _ parent: ReportedUsage) -> LedgerError {
        .invalidEvent(
            "usage.\(part.usageClass)",
            "\(part.quantity) is more than the \(parent.quantity) of \(parent.usageClass), which it is a part of")
    }
}
