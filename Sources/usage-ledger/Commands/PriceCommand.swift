import ArgumentParser
import UsageLedger

struct PriceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "price", abstract: "Say what usage would cost, without a ledger.",
        discussion: """
            usage-ledger price --provider openai --model gpt-4o \\
                --usage input_tokens=2006,cache_read_tokens=1920,output_tokens=300

            Prices come from the card that comes with this program, or from --rates. Quotas and tiers of a period count \
            from nothing used. No ledger is opened: --ledger has no effect.
            """)

    // The flag --json alone is of use here; the root command has both options as well, and they must be the same ones.
    @OptionGroup var ledger: LedgerOptions

    @OptionGroup var options: UsageOptions

    @Option(
        name: .customLong("at"),
        help: ArgumentHelp("The moment of the call: 2026-11-01T12:00:00Z. Now when not given.", valueName: "time"),
        transform: ArgumentText.timeOrDay)
    var time: Timestamp?

    @Option(
        name: .customLong("rates"),
        help: ArgumentHelp(
            """
            A price sheet of LiteLLM, of genai-prices, or in the ledger's own format; may be given several times, later \
            ones over earlier ones. The word default stands for the card that comes with this program.
            """, valueName: "file"),
        completion: .file())
    var rates: [String] = []

    @Flag(help: "Show which rates were chosen, which were not and why, and the arithmetic.")
    var explain = false

    func validate() throws { try options.check() }

    func run() async throws {
        let (card, notUnderstood) = try RateFiles.card(rates)
        let event = try options.event(agent: "price", operation: "price")
        let explanation = try card.explain(event, at: time ?? .now)
        try ledger.print { writer in
            writer.field("cost", explanation.cost)
            writer.field("lines") { $0.lines(of: explanation, isExplained: explain) }
            writer.field("unpriced") { $0.unpriced(of: explanation) }
            writer.field("currency", "USD")
            let reasons = explanation.reasons(event, notUnderstood)
            guard !reasons.isEmpty else { return }
            writer.field("notUnderstood") { writer in
                writer.array { writer in
                    for reason in reasons {
                        writer.object { writer in
                            writer.field("name", reason.name)
                            writer.field("reason", reason.reason)
                        }
                    }
                }
            }
        } orText: {
            explanation.text("USD", isExplained: explain)
                + explanation.hint(event, notUnderstood)
        }
    }
}

extension PriceExplanation {
    /// Why nothing may have been found: the model is one that a sheet has and the program does not understand.
    fileprivate func reasons(
        _ event: UsageEvent, _ notUnderstood: [RateSheet.NotUnderstood]
    ) -> [RateSheet.NotUnderstood] {
        guard lines.contains(where: { $0.line.price == nil }), let model = event.model?.rawValue else { return [] }
        return notUnderstood.filter { part in
            // Of a class that was left out alone, the name says which: `gemini-2.5-flash: web_searches`.
            let name = part.name.prefix { $0 != ":" }
            return part.name == model || name == model || name.hasSuffix("/" + model)
        }
    }

    fileprivate func hint(_ event: UsageEvent, _ notUnderstood: [RateSheet.NotUnderstood]) -> String {
        reasons(event, notUnderstood).map {
            "Not understood in the sheet: \(TerminalText.safe($0.name)): \(TerminalText.safe($0.reason))\n"
        }.joined()
    }
}
