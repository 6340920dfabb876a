import ArgumentParser
import UsageLedger

struct ExplainCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Say why an event costs what it costs.",
        discussion: """
            For every line: its quantity, the rates that were chosen with their source and dates, those that were not and \
            why, each component, and the rounding. From the rates that the ledger knew when the event was recorded, or \
            when `rates apply` gave it other prices.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: ArgumentHelp("The event's id.", valueName: "event-id"))
    var id: EventID

    func run() async throws {
        let reader = try await ledger.openForReading()
        let explanation = try reader.explain(id)
        try ledger.print {
            $0.fields(of: explanation, currency: reader.currency)
        } orText: {
            explanation.text(reader.currency)
        }
        guard explanation.isReproduced else { throw CommandFailure(explanation.difference(reader.currency)) }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of event: EventExplanation, currency: String) {
        let recorded = event.recorded.event
        field("id", recorded.id)
        field("sequence", event.sequenceNumber.rawValue)
        field("recordedAt", event.recordedAt.description)
        field("time", recorded.time?.description)
        field("agent", recorded.agent)
        field("operation", recorded.operation)
        field("provider", recorded.provider)
        field("model", recorded.model)
        field("context") { writer in
            writer.object { writer in
                for (key, value) in recorded.context.sorted(by: { $0.key < $1.key }) { writer.field(key, value) }
            }
        }
        field("currency", currency)
        field("recordedCost", event.recorded.cost)
        field("cost", event.presentLines.cost)
        field("adjustment") { writer in
            if let (kind, reason) = event.adjustment?.adjustment, let entry = event.adjustment {
                writer.object { writer in
                    writer.field("kind", kind)
                    writer.field("reason", reason)
                    writer.field("sequence", entry.sequenceNumber.rawValue)
                    writer.field("recordedAt", entry.recordedAt.description)
                }
            } else {
                writer.null()
            }
        }
        field("lines") { $0.lines(of: event.explanation, isExplained: true) }
        field("unpriced") { $0.unpriced(of: event.explanation) }
        field("reproduced", event.isReproduced)
        field("lostRates") { writer in
            writer.array { writer in for number in event.lostRates { writer.value(number.rawValue) } }
        }
    }
}

extension RecordedEntry {
    /// What an adjustment does, and why.
    fileprivate var adjustment: (kind: String, reason: String)? {
        switch content {
        case .void(_, let reason, _): ("void", reason)
        case .replacement(_, let reason, _, _): ("replacement", reason)
        case .rerating(_, let reason, _, _): ("rerating", reason)
        default: nil
        }
    }
}

extension EventExplanation {
    /// Why the rates do not give what is recorded.
    fileprivate func difference(_ currency: String) -> String {
        guard let rate = lostRates.first else {
            return "the rates of that time do not give the recorded cost; run verify"
        }
        return """
            entry \(rate), a rate of this event, is lost, and the ledger was recovered without it: the recorded cost of \
            \(presentLines.cost) \(currency) stands; what the rates that are left would give is shown
            """
    }

    fileprivate func text(_ currency: String) -> String {
        let event = recorded.event
        var text = "Event \(TerminalText.safe(event.id.rawValue)), entry \(sequenceNumber), recorded \(recordedAt)\n"
        text += "Agent \(TerminalText.safe(event.agent.rawValue)), "
        text += "operation \(TerminalText.safe(event.operation.rawValue))"
        if let provider = event.provider { text += ", \(TerminalText.safe(provider.rawValue))" }
        if let model = event.model { text += ", model \(TerminalText.safe(model.rawValue))" }
        if let time = event.time { text += ", at \(time)" }
        text += "\n"
        if !event.context.isEmpty {
            let context = event.context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
            text += "Context \(TerminalText.safe(context.joined(separator: ", ")))\n"
        }
        if let adjustment, let (kind, reason) = adjustment.adjustment {
            let verb = kind == "void" ? "Voided" : kind == "replacement" ? "Replaced" : "Given other prices"
            text += "\(verb) by entry \(adjustment.sequenceNumber), \(adjustment.recordedAt): "
            text += "\(TerminalText.safe(reason)). As recorded it cost \(recorded.cost) \(currency).\n"
        }
        return text + "\n" + explanation.text(currency, isExplained: true)
    }
}
