import LMDB

/// All views at one moment: a read transaction, and what was folded since its checkpoint. Nothing recorded later changes it.
struct Snapshot: Sendable {
    let stored: SharedRead
    /// The last entry that the views have taken in.
    let head: SequenceNumber
    /// Up to where the stored rows are folded.
    let checkpoint: SequenceNumber
    /// Whose rows it has.
    let scope: AgentScope

    let symbols: ViewTable<TextRow, NumberRow>
    let names: EntryNames
    let categories: ViewTable<Symbol, DeclaredCategory>
    let rates: ViewTable<RateKey, DeclaredRate>
    let providers: ViewTable<Symbol, DeclaredProvider>
    let meters: ViewTable<MeterKey, MeterRow>
    let budgets: ViewTable<BudgetIdentity, DeclaredBudget>
    let settings: ViewTable<SettingKey, TextRow>
    let alerts: ViewTable<AlertKey, AlertRow>
    let budgetStates: ViewTable<BudgetStateKey, BudgetStateRow>
    let adjustments: ViewTable<SequenceNumber, NumberRow>
    let unpriced: ViewTable<UnpricedKey, UnpricedRow>
    let leads: ViewTable<LeadKey, NumberRow>
    let summaries: DailySummarySnapshot
    /// The events of the scope's agent, where they were asked for.
    let events: EventIndexSnapshot?

    /// Whose summaries and events a snapshot takes along.
    enum Subject: Hashable, Sendable {
        /// Nobody's: enough for what was declared.
        case none
        /// An agent's summaries.
        case agent(AgentID)
        /// Where an agent's events lie in the log.
        case events(of: AgentID)
        /// All agents' summaries; events are looked at one agent at a time.
        case allAgents
    }

    /// - Complexity: O(rows of the subject folded since the checkpoint).
    init(_ views: ViewSet, of subject: Subject, _ stored: SharedRead) throws {
        self.stored = stored
        head = views.head
        checkpoint = views.checkpoint
        symbols = views.symbols.symbols
        names = EntryNames(texts: views.symbols.texts, stored: stored)
        categories = views.declarations.categories
        rates = views.declarations.rates
        providers = views.declarations.providers
        meters = views.meters.meters
        budgets = views.declarations.budgets
        settings = views.declarations.settings
        alerts = views.alerts.alerts
        budgetStates = views.budgets.states
        adjustments = views.adjustments.adjustments
        unpriced = views.unpriced.lines
        leads = views.leads.leads
        switch subject {
        case .none:
            scope = .agent(Self.unknown)
            summaries = views.summaries.snapshot(of: scope)
            events = nil
        case .agent(let agent):
            // An agent that no entry names has no symbol and no rows.
            scope = .agent(try symbols.symbol(for: agent.rawValue, in: stored) ?? Self.unknown)
            summaries = views.summaries.snapshot(of: scope)
            events = nil
        case .events(let agent):
            let symbol = try symbols.symbol(for: agent.rawValue, in: stored) ?? Self.unknown
            scope = .agent(symbol)
            summaries = views.summaries.snapshot(of: .agent(Self.unknown))
            events = views.eventIndex.snapshot(of: symbol)
        case .allAgents:
            scope = .all
            summaries = views.summaries.snapshot(of: scope)
            events = nil
        }
    }

    /// Stands for a name that no entry uses. The log never defines this number.
    private static let unknown = Symbol(.max)

    func symbol(for text: String) throws -> Symbol? { try symbols.symbol(for: text, in: stored) }

    /// The number that the next symbol gets.
    func nextSymbol() throws -> UInt32 {
        (try names.texts.lastKey(in: stored.transaction)?.rawValue ?? 0) + 1
    }

    /// The symbol of the scope's agent, none for all agents.
    var agentSymbol: Symbol {
        switch scope {
        case .agent(let symbol): symbol
        case .all: .none
        }
    }
}

extension ViewTable<TextRow, NumberRow> {
    func symbol(for text: String, in stored: SharedRead) throws -> Symbol? {
        try value(for: TextRow(text), in: stored.transaction).map { Symbol(UInt32(truncatingIfNeeded: $0.number)) }
    }
}
