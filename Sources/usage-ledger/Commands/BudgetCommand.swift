import ArgumentParser
import UsageLedger

struct BudgetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "budget", abstract: "Set, list and remove budgets.",
        subcommands: [Set.self, List.self, Remove.self], defaultSubcommand: List.self)

    struct Set: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Set a budget, in the place of one for the same agent, category and period.",
            discussion: "What was spent in the period before counts; alerts for what it reached fire at once.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var whose: BudgetIdentityOptions
        @OptionGroup var remote: ServerOptions

        @Option(
            help: ArgumentHelp("What may be spent in each period.", valueName: "amount"), transform: ArgumentText.money)
        var amount: Money

        @Option(help: ArgumentHelp("When to warn, in percent of the amount.", valueName: "percent"))
        var warning = 80

        @Option(help: ArgumentHelp("When it becomes critical, in percent of the amount.", valueName: "percent"))
        var critical = 95

        func run() async throws {
            let budget = Budget(
                agent: whose.agent, category: whose.category, period: whose.period, amount: amount,
                warningPercent: warning, criticalPercent: critical)
            let status: [BudgetStatus]
            let currency: String
            if let server = remote.server {
                (status, currency) = ([try await server.set(budget)], "")
            } else {
                (status, currency) = try await ledger.withWriter { ledger in
                    try await ledger.set(budget)
                    return (try ledger.budgets(agent: budget.agent).filter { $0.budget == budget }, ledger.currency)
                }
            }
            try ledger.print {
                $0.fields(ofBudgets: status)
            } orText: {
                status.table(currency)
            }
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The budgets, and how they stand in their present periods.")

        @OptionGroup var ledger: LedgerOptions

        @Option(help: ArgumentHelp("Only this agent's budgets; all when not given.", valueName: "agent"))
        var agent: AgentID?

        func run() async throws {
            let reader = try await ledger.openForReading()
            let budgets = try reader.budgets(agent: agent)
            try ledger.print {
                $0.fields(ofBudgets: budgets)
            } orText: {
                budgets.isEmpty ? "No budgets are set.\n" : budgets.table(reader.currency)
            }
        }
    }

    struct Remove: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a budget. Its alerts stay.")

        @OptionGroup var ledger: LedgerOptions
        @OptionGroup var whose: BudgetIdentityOptions
        @OptionGroup var remote: ServerOptions

        func run() async throws {
            if let server = remote.server {
                try await server.removeBudget(agent: whose.agent, category: whose.category, period: whose.period)
            } else {
                try await ledger.withWriter { ledger in
                    try await ledger.removeBudget(agent: whose.agent, category: whose.category, period: whose.period)
                }
            }
            try ledger.print { writer in
                writer.field("removed") { writer in
                    writer.object { writer in
                        writer.field("agent", whose.agent)
                        writer.field("category", whose.category)
                        writer.field("period", whose.period.rawValue)
                    }
                }
            } orText: {
                "Removed the \(whose.period.rawValue) budget of \(whose.inWords).\n"
            }
        }
    }
}

/// What there is at most one budget for.
struct BudgetIdentityOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Whose spending counts; everybody's together when not given.", valueName: "agent"))
    var agent: AgentID?

    @Option(help: ArgumentHelp("Which category's cost counts; all together when not given.", valueName: "name"))
    var category: CategoryName?

    @Option(help: "The kind of period; weeks are ISO weeks.")
    var period: BudgetPeriod

    var inWords: String {
        let agent = agent.map { "agent '\(TerminalText.safe($0.rawValue))'" } ?? "everybody"
        return agent + (category.map { " for \(TerminalText.safe($0.rawValue))" } ?? "")
    }
}

extension JSONWriter {
    /// Writes the field `budgets`.
    mutating func fields(ofBudgets statuses: [BudgetStatus]) {
        field("budgets") { $0.budgets(statuses) }
    }

    /// Writes budgets and how they stand, as an array.
    mutating func budgets(_ statuses: [BudgetStatus]) {
        array { writer in
            for status in statuses { writer.object { $0.fields(of: status) } }
        }
    }

    private mutating func fields(of status: BudgetStatus) {
        field("agent", status.budget.agent)
        field("category", status.budget.category)
        field("period", status.budget.period.rawValue)
        field("amount", status.budget.amount)
        field("spent", status.spent)
        field("remaining", status.remaining)
        field("percent", status.percent)
        field("status", status.level.rawValue)
        field("periodStart", status.periodStart.description)
        field("warningPercent", status.budget.warningPercent)
        field("criticalPercent", status.budget.criticalPercent)
    }
}

extension [BudgetStatus] {
    func table(_ currency: String) -> String {
        var table = Table(
            .text("Agent"), .text("Category"), .text("Period"), .text("From"), .number("Amount \(currency)"),
            .number("Spent"), .number("Exactly", isOptional: true), .number("Remaining"), .number("%"), .text("Status"))
        for status in self {
            table.add(
                status.budget.agent?.rawValue ?? "(everybody)", status.budget.category?.rawValue ?? "(all)",
                status.budget.period.rawValue, status.periodStart.description, status.budget.amount.exact,
                status.spent.inCents, status.spent.exactUnlessCents, status.remaining.inCents, status.percent,
                status.level.rawValue)
        }
        return table.text
    }
}
