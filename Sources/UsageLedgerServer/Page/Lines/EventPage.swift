import HTTPTypes
import UsageLedger

/// Why an event costs what it costs, as its template takes it.
struct EventPage {
    let values: [String: Any]

    init(_ call: PageCall) throws {
        let ledger = try call.ledger
        let missing = ServiceError(status: .notFound, title: "Not found", message: "the agent has no such event")
        guard let id = try call.query.text("id"), let event = try? ledger.explain(EventID(id)),
            // Another's event is not there.
            event.recorded.event.agent == call.agent
        else { throw missing }
        let amount = PageAmount(currency: ledger.currency)
        let dates = PageDates(zone: ledger.timeZone(of: call.agent))
        let recorded = event.recorded.event
        let overview = PageLink.agent(call.agent)
        let day = event.recorded.day.description
        var facts: [(String, String)] = [
            ("Event", recorded.id.rawValue), ("Operation", recorded.operation.rawValue),
            ("Time", dates.time(recorded.time ?? event.recordedAt)), ("Recorded", dates.time(event.recordedAt)),
            ("Log entry", event.sequenceNumber.description),
        ]
        if let lead = recorded.lead { facts.append(("Lead", lead.rawValue)) }
        if let provider = recorded.provider { facts.append(("Provider", provider.rawValue)) }
        if let model = recorded.model { facts.append(("Model", model.rawValue)) }
        for (key, value) in recorded.context.sorted(by: { $0.key < $1.key }) { facts.append((key, value)) }
        let cost = event.explanation.cost
        var values: [String: Any] = [
            "agent": call.agent.rawValue, "overview": overview, "day": "\(overview)/usage?from=\(day)&to=\(day)",
            "dayName": PageDates.long(event.recorded.day), "zone": dates.zone.identifier,
            "facts": facts.map { ["name": $0, "value": $1] }, "total": amount.fine(cost),
            "totalExact": amount.exact(cost),
            "lines": event.explanation.lines.map { Self.line($0, amount, ledger.rateCard) },
            "isDifferent": !event.isReproduced, "isRateLost": !event.lostRates.isEmpty,
            "recordedCost": amount.exact(event.presentLines.cost),
        ]
        if let metadata = recorded.metadata { values["metadata"] = metadata.json }
        if let adjustment = event.adjustment, let (verb, reason) = adjustment.inWords {
            values["adjustment"] =
                [
                    "verb": verb, "reason": reason, "entry": adjustment.sequenceNumber.description,
                    "time": dates.time(adjustment.recordedAt), "former": amount.exact(event.recorded.cost),
                ] as [String: Any]
        }
        self.values = values
    }

    private static func line(_ line: PriceExplanation.Line, _ amount: PageAmount, _ card: RateCard) -> [String: Any] {
        var values: [String: Any] = [
            "category": line.line.category.rawValue, "quantity": line.line.quantity.description.grouped,
            "unit": card.category(line.line.category)?.unit.rawValue ?? "",
            "parts": line.parts.filter { $0.quantity != .zero }.map { part in
                let isTaken = part.quantity < .zero
                let quantity = isTaken ? Quantity.zero - part.quantity : part.quantity
                return [
                    "text": "\(isTaken ? "without" : "with") \(quantity.description.grouped) of "
                        + "\(part.usageClass.rawValue), which have \(isTaken ? "a rate of their own" : "none")"
                ]
            },
            "components": line.components.map { component($0, amount) },
            "rejected": line.rejected.map {
                ["rate": $0.rate.inWords, "why": $0.objection.description, "source": $0.rate.rate.source]
            },
            "hasRejected": !line.rejected.isEmpty,
        ]
        if let usageClass = line.line.usageClass { values["class"] = usageClass.rawValue }
        if let price = line.line.price {
            values["cost"] = amount.fine(price.cost)
            values["exact"] = amount.exact(price.cost)
        }
        return values
    }

    private static func component(_ component: PriceExplanation.Component, _ amount: PageAmount) -> [String: Any] {
        let known = component.rate
        var values: [String: Any] = [
            "name": known.rate.component.rawValue, "cost": amount.exact(component.cost), "rate": known.inWords,
            "pieces": component.pieces.map { piece in
                [
                    "text": "\(piece.quantity.description.grouped) × \(piece.price.amount) / "
                        + "\(piece.price.per.description.grouped) = \(piece.exact)",
                    "rounding": piece.isExact ? "exact" : "rounded half to even to 12 places",
                ]
            },
        ]
        if !known.rate.source.isEmpty { values["source"] = known.rate.source }
        if known.sequenceNumber > .zero { values["entry"] = known.sequenceNumber.description }
        if let metered = component.metered {
            values["metered"] =
                "\(metered.consumed.description.grouped) of \(metered.meter.name) used before in the "
                + "\(metered.meter.period.rawValue) of \(metered.meter.start)"
        }
        return values
    }
}

extension RecordedEntry {
    /// What an adjustment did, and why.
    fileprivate var inWords: (verb: String, reason: String)? {
        switch content {
        case .void(_, let reason, _): ("Voided", reason)
        case .replacement(_, let reason, _, _): ("Replaced", reason)
        case .rerating(_, let reason, _, _): ("Given other prices", reason)
        default: nil
        }
    }
}

extension KnownRate {
    /// The price and when it holds.
    fileprivate var inWords: String {
        var text = rate.price.description
        let conditions = rate.conditions.context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        if !conditions.isEmpty { text += " when \(conditions.joined(separator: ", "))" }
        if rate.effectiveFrom > Limits.earliestTime { text += " from \(rate.effectiveFrom)" }
        if let until = rate.effectiveUntil { text += " until \(until)" }
        return text
    }
}

extension PriceExplanation.Piece {
    /// Whether no digit was lost to rounding.
    fileprivate var isExact: Bool {
        guard let point = exact.firstIndex(of: ".") else { return true }
        return !exact.hasSuffix("...") && exact.distance(from: point, to: exact.endIndex) - 1 <= Money.scale
    }
}
