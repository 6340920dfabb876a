import UsageLedger

/// A usage line as templates take it.
enum LineValues {
    static func values(
        _ line: ExportedLine, path: String, _ amount: PageAmount, _ dates: PageDates, _ card: RateCard
    ) -> [String: Any] {
        var values: [String: Any] = [
            "time": dates.time(line.event.time ?? line.recordedAt), "operation": line.event.operation.rawValue,
            "category": line.line.category.rawValue, "quantity": line.line.quantity.description.grouped,
            "unit": card.category(line.line.category)?.unit.rawValue ?? "",
            "link": "\(path)/event?id=\(PageLink.encoded(line.event.id.rawValue))", "id": line.event.id.rawValue,
            "isAdjusted": line.isAdjusted, "isRerated": line.reratedBy != nil,
        ]
        if let price = line.line.price {
            values["cost"] = amount.fine(price.cost)
            values["exact"] = amount.exact(price.cost)
        }
        if let model = line.event.model { values["model"] = model.rawValue }
        if let lead = line.event.lead { values["lead"] = lead.rawValue }
        return values
    }
}
