import ArgumentParser
import UsageLedger

struct RatesImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take the prices of a sheet into the ledger.",
        discussion: """
            Reads the price sheets of LiteLLM and genai-prices and the ledger's own format, which `rates export` writes. A \
            model of which anything that costs is not understood is left out as a whole, and listed.

            A sheet says what holds now, and mostly not since when: a price that the ledger has none for holds since \
            always, one that differs holds from now on. --effective-from says another moment for both. Rates with dates \
            of their own keep them. What was recorded keeps its price; see `rates apply`.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Argument(
        help: ArgumentHelp(
            "The sheet; - is standard input, and default the card that comes with this program.", valueName: "file"),
        completion: .file())
    var file: String

    @Option(help: ArgumentHelp("The sheet's format; told by its text when not given."))
    var format: RateSheetFormat?

    @Option(
        help: ArgumentHelp(
            "The moment its prices begin to hold: 2026-11-01T00:00:00Z, or a day, with its zone: 2026-11-01 Europe/Berlin.",
            valueName: "time"),
        transform: ArgumentText.timeOrDay)
    var effectiveFrom: Timestamp?

    @Flag(help: "Only show what would change.")
    var dryRun = false

    @Flag(help: "List every rate that is added or changed; --dry-run does.")
    var verbose = false

    func run() async throws {
        let sheet = try RateFiles.read(file, format: format)
        let (comparison, currency) = try await compare(sheet)
        try ledger.print {
            $0.fields(of: comparison, isDryRun: dryRun, isVerbose: dryRun || verbose)
        } orText: {
            comparison.text(currency, isDryRun: dryRun, isVerbose: dryRun || verbose)
        }
    }

    private func compare(_ sheet: RateSheet) async throws -> (RateComparison, String) {
        if dryRun {
            let reader = try await ledger.openForReading()
            return (
                reader.rateCard.comparison(with: sheet, effectiveFrom: effectiveFrom, now: .now), reader.currency
            )
        }
        return try await ledger.withWriter { ledger in
            (try await ledger.importRates(sheet, effectiveFrom: effectiveFrom), ledger.currency)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of comparison: RateComparison, isDryRun: Bool, isVerbose: Bool) {
        field("dryRun", isDryRun)
        field("added", comparison.added.count)
        field("changed", comparison.changed.count)
        field("unchanged", comparison.unchanged)
        field("notUnderstood", comparison.notUnderstood.count)
        field("categories", comparison.categories.count)
        field("providers", comparison.providers.count)
        if isVerbose {
            field("differences") { writer in
                writer.array { writer in
                    for rate in comparison.added { writer.object { $0.fields(of: rate, former: nil) } }
                    for change in comparison.changed {
                        writer.object { $0.fields(of: change.rate, former: change.former) }
                    }
                }
            }
        }
        field("reasons") { writer in
            writer.array { writer in
                for part in comparison.notUnderstood {
                    writer.object { writer in
                        writer.field("name", part.name)
                        writer.field("reason", part.reason)
                    }
                }
            }
        }
    }

    private mutating func fields(of rate: Rate, former: Rate?) {
        field("category", rate.category)
        field("models", rate.modelsInWords)
        field("component", rate.component)
        field("when", rate.conditions.inWords)
        field("former", former?.price.description)
        field("price", rate.price.description)
        field("effectiveFrom", rate.effectiveFrom.description)
        field("effectiveUntil", rate.effectiveUntil?.description)
    }
}

extension RateComparison {
    fileprivate func text(_ currency: String, isDryRun: Bool, isVerbose: Bool) -> String {
        var text = ""
        if isVerbose, !added.isEmpty || !changed.isEmpty {
            var table = Table(
                .text("Category"), .text("Models", isOptional: true), .text("Component", isOptional: true),
                .text("When", isOptional: true), .text("From"), .text("Former \(currency)", isOptional: true),
                .text("Price \(currency)"))
            func add(_ rate: Rate, _ former: Rate?) {
                table.add(
                    rate.category.rawValue, rate.modelsInWords,
                    rate.component == .base ? "" : rate.component.rawValue, rate.conditions.inWords,
                    rate.effectiveFrom.description, former?.price.description ?? "", rate.price.description)
            }
            for rate in added { add(rate, nil) }
            for change in changed { add(change.rate, change.former) }
            text += table.text + "\n"
        }
        text += isDryRun ? "Nothing was changed. An import would add" : "Added"
        text += " \(added.count.grouped) rates, \(isDryRun ? "change" : "changed") \(changed.count.grouped)"
        text += isDryRun ? " and leave" : "; left"
        text += " \(unchanged.grouped) as they \(isDryRun ? "are" : "were").\n"
        guard !notUnderstood.isEmpty else { return text }
        text += "Not understood, and left out: \(notUnderstood.count.grouped) models.\n"
        for (reason, names) in notUnderstood.byReason {
            let shown = names.prefix(4).map(TerminalText.safe).joined(separator: ", ")
            let more = names.count > 4 ? " and \((names.count - 4).grouped) more" : ""
            text += "  \(TerminalText.safe(reason)): \(shown)\(more)\n"
        }
        return text
    }
}

extension [RateSheet.NotUnderstood] {
    /// The names for each reason, the most frequent reason first.
    fileprivate var byReason: [(reason: String, names: [String])] {
        Dictionary(grouping: self, by: \.reason).map { ($0.key, $0.value.map(\.name)) }
            .sorted { ($1.names.count, $0.reason) < ($0.names.count, $1.reason) }
    }
}
