extension UsageDivision {
    /// The division as it is for all usage of these classes; nil where it depends on the quantities in more than what is
    /// taken out of what.
    func plan(_ card: RateCard) -> PricingPlan? {
        var draft = PlanDraft(circumstances.time)
        for entry in reported {
            guard draft.follow(entry.prices) else { return nil }
            // A part that is given by itself, or that several wholes could be charged for, is looked at event by event.
            guard !entry.isPart || hasParent(entry) else { return nil }
        }
        guard followRequests(&draft), addParts(&draft), !hasOverlap(&draft), addDeductions(&draft) else { return nil }
        for (place, entry) in reported.enumerated() {
            guard entry.isPriced || !entry.isPart else { continue }
            let name = entry.selection?.category ?? entry.prices.category
            guard card.category(name) != nil,
                draft.add(entry.prices, category: name, usageClass: entry.usageClass, place: place)
            else { return nil }
        }
        return draft.plan
    }

    /// False where the calls themselves have a price.
    private func followRequests(_ draft: inout PlanDraft) -> Bool {
        guard let prices = prices.classes[.requests], !reported.contains(where: { $0.usageClass == .requests }) else {
            return true
        }
        return prices.selection(circumstances) == nil && draft.follow(prices)
    }

    /// False where usage contradicts itself, whatever its quantities are.
    private func addParts(_ draft: inout PlanDraft) -> Bool {
        for (place, part) in reported.enumerated() {
            for (other, whole) in reported.enumerated() where other != place {
                if whole.usageClass.canonical == part.usageClass.canonical { return false }
                if part.isPart(of: whole) { draft.addPart(place, of: other) }
            }
            guard let properties = part.properties, !properties.contains(.seconds) else { continue }
            for parent in part.usageClass.canonical.parents
            where !reported.contains(where: { $0.usageClass.canonical == parent }) { return false }
        }
        return true
    }

    /// Whether two classes may share some usage that has a rate of its own and is not given.
    private func hasOverlap(_ draft: inout PlanDraft) -> Bool {
        for (place, left) in reported.enumerated() where left.isPriced {
            for right in reported[(place + 1)...] where right.isPriced {
                guard let shared = unreportedShare(of: left, right) else { continue }
                let prices = index.prices(of: shared, in: prices)
                if prices.selection(circumstances) != nil || !draft.follow(prices) { return true }
            }
        }
        return false
    }

    private func addDeductions(_ draft: inout PlanDraft) -> Bool {
        for place in partsFirst where isDivided(place) {
            guard reported[place].isPriced else { return false }
            for whole in reported.indices where reported[place].isPart(of: reported[whole]) {
                draft.deduct(place, from: whole)
            }
        }
        return true
    }
}
