import UsageLedger

extension ModelLedger {
    /// What recording several events at once gives.
    mutating func record(_ events: [UsageEvent]) throws -> [Receipt] {
        for (index, event) in events.enumerated() {
            do { _ = try price(event) } catch let refusal as ModelRefusal { throw refusal.at(index) }
        }
        let former = self
        do {
            var receipts: [Receipt] = []
            for (index, event) in events.enumerated() {
                do {
                    receipts.append(try recordOne(event))
                } catch let refusal as ModelRefusal {
                    throw refusal.at(index)
                }
            }
            return receipts
        } catch {
            self = former
            throw error
        }
    }

    /// What recording each event for itself gives.
    mutating func recordEach(_ events: [UsageEvent]) -> [Result<Receipt, ModelRefusal>] {
        // All are checked before the first is recorded.
        let before = self
        return events.enumerated().map { index, event in
            do {
                _ = try before.price(event)
                return .success(try recordOne(event))
            } catch let refusal as ModelRefusal {
                return .failure(refusal.at(index))
            } catch {
                preconditionFailure("the model throws refusals only")
            }
        }
    }

    private mutating func recordOne(_ event: UsageEvent) throws -> Receipt {
        let lines = try price(event)
        if let known = usageByID[event.id.rawValue] { return try duplicate(event, of: usages[known]) }
        useNames(of: event, lines)
        return count(event, lines, at: append())
    }

    private func duplicate(_ event: UsageEvent, of known: ModelUsage) throws -> Receipt {
        guard known.content == ModelUsage.content(of: event) else {
            throw ModelRefusal(.idConflict, [known.sequence, head + 1])
        }
        var receipt = known.receipt
        receipt.disposition = .duplicate
        return receipt
    }

    private mutating func useNames(of event: UsageEvent, _ lines: [ModelLine]) {
        declareCategories(of: lines, event)
        use(event.agent.rawValue)
        use(event.operation.rawValue)
        if let provider = event.provider { use(provider.rawValue) }
        if let model = event.model { use(model.rawValue) }
        for (key, value) in event.context.sorted(by: { $0.key < $1.key }) {
            use(key)
            use(value)
        }
        for reported in event.usage.map(\.usageClass.rawValue).sorted() { use(reported) }
        useNames(of: lines)
    }

    private mutating func declareCategories(of lines: [ModelLine], _ event: UsageEvent) {
        for line in lines where categories[line.category] == nil {
            let isToken = line.usageClass?.hasSuffix("_tokens") == true
            declareUnconditionally(
                CostCategory(
                    name: CategoryName(line.category), provider: event.provider, unit: isToken ? "token" : "unit",
                    pricingModel: isToken ? "per_token" : "per_unit",
                    summary: "Reported usage that no other category matches; unpriced until a rate is set"))
        }
    }

    private mutating func useNames(of lines: [ModelLine]) {
        for line in lines {
            use(line.category)
            if let usageClass = line.usageClass { use(usageClass) }
        }
    }

    private mutating func count(
        _ event: UsageEvent, _ lines: [ModelLine], at sequence: UInt64, inPlaceOf former: ModelUsage? = nil
    ) -> Receipt {
        let time = event.time ?? now
        let receipt = Receipt(
            id: event.id, sequenceNumber: SequenceNumber(sequence), disposition: .recorded,
            cost: Money(picodollars: lines.reduce(0) { $0 + ($1.cost ?? 0) }),
            isPriced: lines.allSatisfy { $0.cost != nil })
        let usage = ModelUsage(
            sequence: sequence, event: event, content: ModelUsage.content(of: event), time: time,
            day: calendar.day(of: time, in: zone(of: event.agent.rawValue)), lines: lines, firstLines: lines,
            receipt: receipt)
        usageByID[event.id.rawValue] = usages.count
        usages.append(usage)
        move((former.map { [($0, Int128(-1))] } ?? []) + [(usage, 1)], at: sequence)
        return receipt
    }

    // MARK: Adjusting

    mutating func void(_ id: EventID) throws -> Adjustment {
        guard let place = usageByID[id.rawValue] else { throw ModelRefusal(.unknownEvent) }
        let target = usages[place]
        var adjustment = Adjustment(
            id: id, target: SequenceNumber(target.sequence), sequenceNumber: .zero, disposition: .duplicate,
            cost: Money(picodollars: target.cost))
        if let former = target.adjustedBy {
            guard target.replacement == nil else {
                throw ModelRefusal(.alreadyAdjusted, [target.sequence, former])
            }
            adjustment.sequenceNumber = SequenceNumber(former)
            return adjustment
        }
        let sequence = append()
        usages[place].adjustedBy = sequence
        move([(target, -1)], at: sequence)
        adjustment.sequenceNumber = SequenceNumber(sequence)
        adjustment.disposition = .recorded
        return adjustment
    }

    mutating func replace(_ id: EventID, with event: UsageEvent) throws -> Receipt {
        guard let place = usageByID[id.rawValue] else { throw ModelRefusal(.unknownEvent) }
        let lines = try price(event)
        if let known = usageByID[event.id.rawValue] {
            let receipt = try duplicate(event, of: usages[known])
            guard usages[known].sequence == usages[place].adjustedBy else {
                throw ModelRefusal(.idConflict, [usages[known].sequence])
            }
            return receipt
        }
        if let former = usages[place].adjustedBy {
            throw ModelRefusal(.alreadyAdjusted, [usages[place].sequence, former])
        }
        useNames(of: event, lines)
        let sequence = append()
        usages[place].adjustedBy = sequence
        usages[place].replacement = event.id.rawValue
        return count(event, lines, at: sequence, inPlaceOf: usages[place])
    }

    // MARK: Rating anew

    /// What giving usage the present prices does.
    mutating func applyRates(to scope: RatingScope, agent: AgentID?) -> RatingSummary {
        var summary = RatingSummary.nothing
        for place in usages.indices where concerns(usages[place], scope, agent) {
            let former = usages[place]
            summary.events += 1
            summary.costBefore.picodollars += former.cost
            var event = former.event
            event.time = former.time
            guard let lines = try? lines(of: event) else {
                summary.refused += 1
                summary.costAfter.picodollars += former.cost
                if !former.isPriced { summary.unpriced += 1 }
                continue
            }
            var present = former
            present.lines = lines
            summary.costAfter.picodollars += present.cost
            if !present.isPriced { summary.unpriced += 1 }
            guard present.outcomes != former.outcomes else { continue }
            summary.changed += 1
            declareCategories(of: lines, event)
            useNames(of: lines)
            let sequence = append()
            usages[place].lines = lines
            move([(former, -1), (present, 1)], at: sequence)
        }
        return summary
    }

    private func concerns(_ usage: ModelUsage, _ scope: RatingScope, _ agent: AgentID?) -> Bool {
        guard usage.counts, agent == nil || usage.event.agent == agent else { return false }
        switch scope {
        case .unpriced: return !usage.isPriced
        case .days(let days):
            return days.map { ($0.lowerBound...$0.upperBound).contains(Day(daysSinceEpoch: Int32(usage.day))) } ?? true
        }
    }

    // MARK: What an event does to sums

    /// One entry's movements: an event, the taking away of one, or both.
    private mutating func move(_ movements: [(usage: ModelUsage, sign: Int128)], at sequence: UInt64) {
        spend(movements, at: sequence)
        for (usage, sign) in movements {
            for line in usage.lines {
                costs[usage.event.agent.rawValue, default: [:]][usage.day, default: [:]][line.category, default: 0] +=
                    sign * (line.cost ?? 0)
            }
        }
    }
}
