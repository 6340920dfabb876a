import LMDB

/// What was spent of each budget in each period, and which thresholds were crossed: the fold that fires alerts.
///
/// - A threshold fires once per budget and period, when spending reaches it. After a correction took spending back below,
///   it can fire again, but not within the cooldown of event-log time; a crossing within it is noted silently.
/// - Setting a budget fires for the present period at once what its spending has reached already. For other periods,
///   thresholds reached before the budget saw its first event there count as crossed, silently.
/// - Another amount or other thresholds make a budget anew: crossings are counted afresh.
final class BudgetView: View {
    static let name = "budgets"
    static let version: UInt32 = 1

    /// How long a threshold that fired keeps silent when it is crossed again.
    static let cooldownSeconds: Int64 = 3600

    private(set) var states: ViewTable<BudgetStateKey, BudgetStateRow>
    private let declarations: DeclarationView
    private let summaries: DailySummaryView
    private let alerts: AlertView
    /// Loaded at the first fold, kept in step with the entries.
    private var loadedBudgets: ScopedBudgets?

    init(_ tables: ViewTables, declarations: DeclarationView, summaries: DailySummaryView, alerts: AlertView) throws {
        states = ViewTable(try tables.table("budget-states"))
        self.declarations = declarations
        self.summaries = summaries
        self.alerts = alerts
    }

    var tables: [Table] { [states.table] }

    func flush(into transaction: borrowing WriteTransaction, _ writer: inout RowWriter) throws {
        try states.flush(into: transaction, &writer)
    }

    func didFlush() {
        states.didFlush()
    }

    private func budgets(_ context: FoldContext) throws -> ScopedBudgets {
        if let loadedBudgets { return loadedBudgets }
        var budgets = ScopedBudgets()
        try declarations.budgets.forEach(in: context.stored.transaction) { _, budget in
            budgets.set(budget)
            return true
        }
        loadedBudgets = budgets
        return budgets
    }

    // MARK: Folding usage

    /// What an entry adds to one budget's period, or takes from it: of a replacement, the difference.
    private struct Change {
        var budget: DeclaredBudget
        var key: BudgetStateKey
        /// Picodollars.
        var cost: Int128
    }

    /// Comes before the daily summaries' fold of the same batch, so that a state made here starts from what was spent
    /// before the batch.
    func fold(_ batch: UsageBatch, _ segment: RawSpan, _ context: FoldContext) throws {
        let budgets = try budgets(context)
        if budgets.isEmpty { return }
        let ofAll = budgets[.none]
        var running: [RunningState] = []
        var changes: [Change] = []
        for (index, movement) in batch.movements.enumerated() {
            for budget in budgets[movement.agent] { add(movement, in: batch, to: budget, &changes) }
            for budget in ofAll { add(movement, in: batch, to: budget, &changes) }
            let isLastOfEntry =
                index + 1 == batch.movements.count
                || batch.movements[index + 1].sequenceNumber != movement.sequenceNumber
            guard isLastOfEntry, !changes.isEmpty else { continue }
            for change in changes where change.cost != 0 {
                try apply(change, at: movement.sequenceNumber, &running, context)
            }
            changes.removeAll(keepingCapacity: true)
        }
        for state in running { states.set(state.row, for: state.key) }
    }

    private func add(
        _ movement: UsageBatch.Movement, in batch: UsageBatch, to budget: DeclaredBudget, _ changes: inout [Change]
    ) {
        let cost = Self.cost(of: movement, in: batch, category: budget.record.identity.category)
        if cost == 0 { return }
        let key = BudgetStateKey(budget.record.identity, containing: movement.day)
        if let place = changes.firstIndex(where: { $0.key == key }) {
            changes[place].cost += cost
        } else {
            changes.append(Change(budget: budget, key: key, cost: cost))
        }
    }

    private static func cost(of movement: UsageBatch.Movement, in batch: UsageBatch, category: Symbol) -> Int128 {
        var cost: Int128 = 0
        for index in movement.lineRange where category == .none || batch.lines[index].category == category {
            cost += Int128(batch.lines[index].cost)
        }
        return cost * Int128(movement.sign)
    }

    /// A state that the batch has changed; it goes back to its table when the batch is done with it.
    private struct RunningState {
        var key: BudgetStateKey
        var row: BudgetStateRow
        /// Spending from the one up to, but without, the other crosses nothing.
        var quiet: Range<Int128>
    }

    /// States of a batch at hand; a batch that changes more gives some back early.
    private static let largestRunningCount = 8

    private func apply(
        _ change: Change, at sequenceNumber: SequenceNumber, _ running: inout [RunningState], _ context: FoldContext
    ) throws {
        let (key, budget) = (change.key, change.budget)
        let place: Int
        if let known = running.firstIndex(where: { $0.key == key }) {
            place = known
        } else {
            var row = try states.value(for: key, in: context.stored.transaction) ?? newState(for: key, context)
            if row.revision != budget.sequenceNumber { row.adopt(budget, silently: true) }
            if running.count == Self.largestRunningCount {
                let given = running.removeFirst()
                states.set(given.row, for: given.key)
            }
            place = running.count
            running.append(RunningState(key: key, row: row, quiet: 0..<0))
        }
        running[place].row.spent += change.cost
        if running[place].quiet.contains(running[place].row.spent) { return }
        let fired = running[place].row.update(budget.record, at: context.recordedAt)
        running[place].quiet = running[place].row.quietRange(budget.record)
        fire(fired, running[place].row, key, budget, sequenceNumber, context)
    }

    /// A state that starts from what was spent in the period so far, under no budget yet.
    private func newState(for key: BudgetStateKey, _ context: FoldContext) throws -> BudgetStateRow {
        let identity = key.budget
        let scope: AgentScope = identity.agent == .none ? .all : .agent(identity.agent)
        let spent = try summaries.snapshot(of: scope).spent(
            by: identity.agent, category: identity.category,
            days: identity.period.calendarPeriod.days(containing: key.periodStart), in: context.stored.transaction)
        return BudgetStateRow(revision: .zero, spent: spent)
    }

    private func fire(
        _ thresholds: [AlertThreshold], _ state: BudgetStateRow, _ key: BudgetStateKey, _ budget: DeclaredBudget,
        _ sequenceNumber: SequenceNumber, _ context: FoldContext
    ) {
        for threshold in thresholds {
            let row = AlertRow(
                budget: key.budget, threshold: threshold, percent: budget.record.percent(of: threshold),
                periodStart: key.periodStart, spent: state.spent, amount: budget.record.amount,
                time: context.recordedAt, isHighest: threshold == thresholds.last)
            alerts.fire(row, scope: key.budget.agent, at: sequenceNumber)
        }
    }

    // MARK: Folding declarations

    func fold(_ entry: Entry, _ context: FoldContext) throws {
        switch entry {
        case .budget(let record):
            let budget = DeclaredBudget(record: record, sequenceNumber: context.sequenceNumber)
            loadedBudgets?.set(budget)
            let key = BudgetStateKey(record.identity, containing: record.day)
            var state = try states.value(for: key, in: context.stored.transaction) ?? newState(for: key, context)
            state.adopt(budget, silently: false)
            fire(state.update(record, at: context.recordedAt), state, key, budget, context.sequenceNumber, context)
            states.set(state, for: key)
        case .budgetRemoval(let identity):
            loadedBudgets?.remove(identity)
            let first = BudgetStateKey(identity, containing: .earliest)
            var gone: [BudgetStateKey] = []
            try states.forEach(from: first, in: context.stored.transaction) { key, _ in
                guard key.budget == identity else { return false }
                gone.append(key)
                return true
            }
            for key in gone { states.set(nil, for: key) }
        case .symbol, .usage, .void, .replacement, .rerating, .category, .rate, .provider, .setting, .acknowledgement,
            .lost:
            break
        }
    }
}

/// Budgets by scope: an agent, or none for those of everybody.
private struct ScopedBudgets {
    private var lists: [[DeclaredBudget]] = []
    private var places = SymbolSlots()

    var isEmpty: Bool { lists.allSatisfy(\.isEmpty) }

    subscript(scope: Symbol) -> [DeclaredBudget] { places[scope].map { lists[Int($0)] } ?? [] }

    mutating func set(_ budget: DeclaredBudget) {
        let scope = budget.record.identity.agent
        remove(budget.record.identity)
        if places[scope] == nil {
            _ = places.updateValue(Int32(lists.count), forKey: scope)
            lists.append([])
        }
        guard let place = places[scope] else { return }
        lists[Int(place)].append(budget)
        // The order of a scope's budgets is the order of their alerts: that of the stored rows, so that it does not
        // depend on when they were loaded.
        lists[Int(place)].sort { $0.record.identity < $1.record.identity }
    }

    mutating func remove(_ identity: BudgetIdentity) {
        guard let place = places[identity.agent] else { return }
        lists[Int(place)].removeAll { $0.record.identity == identity }
    }
}

extension BudgetRecord {
    /// The threshold in percent of the amount.
    func percent(of threshold: AlertThreshold) -> Int {
        switch threshold {
        case .warning: warningPercent
        case .critical: criticalPercent
        case .exceeded: 100
        }
    }

    func isReached(_ threshold: AlertThreshold, spent: Int128) -> Bool {
        spent * 100 >= amount.picodollars * Int128(percent(of: threshold))
    }

    /// The least that reaches a threshold, in picodollars: a hundredth of what ``isReached(_:spent:)`` compares with,
    /// rounded up.
    func least(reaching threshold: AlertThreshold) -> Int128 {
        (amount.picodollars * Int128(percent(of: threshold)) + 99) / 100
    }
}
