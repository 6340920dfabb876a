import UsageLedger

/// One step of a random history.
enum LawOperation: Sendable {
    case record([UsageEvent])
    case recordEach([UsageEvent])
    case void(EventID)
    case replace(EventID, UsageEvent)
    case setBudget(Budget)
    case removeBudget(Budget)
    case setRate(Rate)
    case declare(CostCategory)
    case setTimeZone(String, AgentID?)
    case acknowledge(AlertID)
    case applyRates(RatingScope, AgentID?)
    case rebuild
    case advanceClock(seconds: Int64)
}

extension LawOperation {
    /// What the ledger answers, spelled out.
    func apply(to ledger: Ledger, _ clock: SettableClock) async -> Result<String, ModelRefusal> {
        do {
            switch self {
            case .record(let events): return .success("\(try await ledger.record(events))")
            case .recordEach(let events):
                return .success("\(try await ledger.recordEach(events).map { $0.mapError { ModelRefusal($0) } })")
            case .void(let id): return .success("\(try await ledger.void(id, reason: "law"))")
            case .replace(let id, let event):
                return .success("\(try await ledger.replace(id, with: event, reason: "law"))")
            case .setBudget(let budget): try await ledger.set(budget)
            case .removeBudget(let budget):
                try await ledger.removeBudget(agent: budget.agent, category: budget.category, period: budget.period)
            case .setRate(let rate): return .success("\(try await ledger.set(rate))")
            case .declare(let category): try await ledger.declare(category)
            case .setTimeZone(let zone, let agent): try await ledger.setTimeZone(zone, agent: agent)
            case .acknowledge(let id): return .success("\(try await ledger.acknowledge(id))")
            case .applyRates(let scope, let agent):
                return .success("\(try await ledger.applyRates(to: scope, agent: agent, reason: "law"))")
            case .rebuild:
                let outcome = try await ledger.rebuildViews()
                return .success(outcome.isIdentical == false ? "the stored views differed" : "done")
            case .advanceClock(let seconds): clock.advance(seconds: seconds)
            }
            return .success("done")
        } catch {
            return .failure(ModelRefusal(error))
        }
    }

    /// What the model answers.
    func apply(to model: inout ModelLedger) -> Result<String, ModelRefusal> {
        do {
            switch self {
            case .record(let events): return .success("\(try model.record(events))")
            case .recordEach(let events): return .success("\(model.recordEach(events))")
            case .void(let id): return .success("\(try model.void(id))")
            case .replace(let id, let event): return .success("\(try model.replace(id, with: event))")
            case .setBudget(let budget): try model.set(budget)
            case .removeBudget(let budget): try model.removeBudget(budget)
            case .setRate(let rate): return .success("\(try model.set(rate))")
            case .declare(let category): model.declare(category)
            case .setTimeZone(let zone, let agent): model.setTimeZone(zone, agent: agent?.rawValue)
            case .acknowledge(let id): return .success("\(try model.acknowledge(id))")
            case .applyRates(let scope, let agent):
                return .success("\(model.applyRates(to: scope, agent: agent))")
            case .rebuild: break
            case .advanceClock(let seconds): model.now = model.now.adding(seconds: seconds)
            }
            return .success("done")
        } catch let refusal as ModelRefusal {
            return .failure(refusal)
        } catch {
            return .success("\(error)")
        }
    }
}
