/// How usage of one shape is priced for a while: what is the same from event to event, worked out once.
///
/// A shape is a provider, a model, and the classes of usage or the categories of lines, without context. Only what is
/// priced by the unit has a plan; tiers, fees, hours of the day and whatever depends on the quantities is left to
/// ``RateCard/price(_:at:consumed:)``, whose results a plan gives exactly.
struct PricingPlan: Sendable {
    struct Line: Sendable {
        var category: CategoryName
        /// Nil for a line that the event named itself.
        var usageClass: UsageClass?
        /// The place of its quantity among the event's usage or lines.
        var place: Int
        /// Nil where unpriced.
        var price: Price?
    }

    /// The price of a millionth of a unit, in lowest terms.
    struct Price: Sendable {
        var rate: SequenceNumber
        /// Picodollars.
        var numerator: UInt64
        /// Millionths of a unit.
        var denominator: UInt64
        /// What is billed at least, in millionths of a unit.
        var minimum: UInt64

        /// Picodollars, rounded once, half to even; nil where that takes more than 64 bits on the way.
        func cost(of millionths: UInt64) -> UInt64? {
            let billed = millionths > 0 ? max(millionths, minimum) : 0
            let (product, overflow) = billed.multipliedReportingOverflow(by: numerator)
            if overflow { return nil }
            let (quotient, remainder) = product.quotientAndRemainder(dividingBy: denominator)
            let rest = denominator - remainder
            guard remainder > rest || (remainder == rest && quotient & 1 != 0) else { return quotient }
            return quotient + 1
        }
    }

    /// One class that is a part of another, by their places.
    struct Part: Sendable {
        var part: Int
        var whole: Int
    }

    var lines: [Line]
    /// What must not be larger than what it is a part of.
    var parts: [Part] = []
    /// What is taken out of what, in this order.
    var deductions: [Part] = []
    /// The moments that the plan is for, in nanoseconds since 1970.
    var validity: ClosedRange<Int64>
}

extension RateCard {
    /// The plan for usage of the shape of `event` around `time`; nil where there is none.
    func plan(for event: UsageEvent, at time: Timestamp) -> PricingPlan? {
        guard event.context.isEmpty else { return nil }
        if !event.usage.isEmpty {
            return UsageDivision(event, index, Circumstances(time: time, context: [:])).plan(self)
        }
        var draft = PlanDraft(time)
        for (place, line) in event.lines.enumerated() {
            guard category(line.category) != nil else { return nil }
            let prices = index.prices(ofCategory: line.category, model: event.model)
            guard draft.add(prices, category: line.category, usageClass: nil, place: place) else { return nil }
        }
        return draft.plan
    }
}

/// A plan in the making: the lines so far, and for how long they hold.
struct PlanDraft {
    private let circumstances: Circumstances
    private(set) var plan: PricingPlan

    init(_ time: Timestamp) {
        circumstances = Circumstances(time: time, context: [:])
        plan = PricingPlan(lines: [], validity: .min ... .max)
    }

    /// Narrows the plan's validity to what the same rates of `prices` hold for; false where that depends on the hour.
    mutating func follow(_ prices: ClassPrices) -> Bool {
        let now = circumstances.time.nanosecondsSinceEpoch
        var (first, last) = (plan.validity.lowerBound, plan.validity.upperBound)
        for candidate in prices.candidates {
            let rate = candidate.rate.rate
            // Usage without context never meets such a condition.
            guard rate.conditions.context.isEmpty else { continue }
            guard rate.conditions.isEmpty else { return false }
            for moment in [rate.effectiveFrom, rate.effectiveUntil] {
                guard let moment = moment?.nanosecondsSinceEpoch else { continue }
                if moment <= now { first = max(first, moment) } else { last = min(last, moment - 1) }
            }
        }
        plan.validity = first...last
        return true
    }

    /// Adds a line; false where its price takes more than a plan can say.
    mutating func add(_ prices: ClassPrices, category: CategoryName, usageClass: UsageClass?, place: Int) -> Bool {
        guard follow(prices), !plan.lines.contains(where: { $0.category == category }) else { return false }
        var line = PricingPlan.Line(category: category, usageClass: usageClass, place: place)
        if let selection = prices.selection(circumstances) {
            guard selection.rates.count == 1, case .unit(let price) = selection.rates[0].rate.price,
                let terms = PricingPlan.Price(price, rate: selection.rates[0].known.sequenceNumber)
            else { return false }
            line.price = terms
        }
        plan.lines.append(line)
        return true
    }

    mutating func addPart(_ part: Int, of whole: Int) { plan.parts.append(PricingPlan.Part(part: part, whole: whole)) }

    mutating func deduct(_ part: Int, from whole: Int) {
        plan.deductions.append(PricingPlan.Part(part: part, whole: whole))
    }
}

extension PricingPlan.Price {
    /// Nil where the terms do not fit 64 bits.
    init?(_ price: UnitPrice, rate: SequenceNumber) {
        let (amount, per) = (price.amount.picodollars, price.per.millionths)
        guard amount >= 0, per > 0, price.minimum.millionths >= 0 else { return nil }
        let divisor = UnitPrice.greatestCommonDivisor(UInt128(amount), UInt128(per))
        guard let numerator = UInt64(exactly: UInt128(amount) / divisor),
            let denominator = UInt64(exactly: UInt128(per) / divisor),
            let minimum = UInt64(exactly: price.minimum.millionths)
        else { return nil }
        self.init(rate: rate, numerator: numerator, denominator: denominator, minimum: minimum)
    }
}
