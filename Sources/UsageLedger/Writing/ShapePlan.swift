/// A pricing plan with the symbols of its names: what an event of the shape is encoded from.
struct ShapePlan: Sendable {
    struct Line: Sendable {
        var category: Symbol
        var usageClass: Symbol
        /// The place of its quantity among the event's usage or lines.
        var place: Int
        var price: PricingPlan.Price?
    }

    let shape: UsageShape
    let pricing: PricingPlan
    /// By category, ascending.
    let lines: [Line]
    /// The places of reported usage by class, ascending; empty where the event names its lines.
    let usageOrder: [Int]

    /// Nil where a name has no symbol yet.
    init?(_ pricing: PricingPlan, _ shape: UsageShape, symbol: (String) -> Symbol?) {
        var lines: [Line] = []
        for line in pricing.lines {
            guard let category = symbol(line.category.rawValue) else { return nil }
            lines.append(
                Line(
                    category: category, usageClass: line.usageClass == nil ? .none : shape.names[line.place],
                    place: line.place, price: line.price))
        }
        self.shape = shape
        self.pricing = pricing
        self.lines = lines.sorted { $0.category < $1.category }
        usageOrder = shape.namesLines ? [] : shape.names.indices.sorted { shape.names[$0] < shape.names[$1] }
    }
}

/// What events must have in common to be priced by the same plan.
struct UsageShape: Sendable, Equatable {
    var provider = Symbol.none
    var model = Symbol.none
    /// Whether ``names`` are categories; else they are classes of usage.
    var namesLines = false
    /// In the order of the event.
    var names: [Symbol] = []

    var hash: UInt64 {
        var hash = UInt64(provider.rawValue) << 32 | UInt64(model.rawValue)
        for name in names { hash = Hash64.mix(hash ^ UInt64(name.rawValue) << 1) }
        return Hash64.mix(namesLines ? ~hash : hash)
    }
}

/// The plans made under one state of the rate card.
struct ShapePlans: Sendable {
    /// Bounds what is remembered; events of further shapes are priced one by one.
    private static let largestCount = 10_000

    private(set) var plans: [ShapePlan] = []
    private var slots = HashSlots()

    /// The place of the plan for a shape at a time.
    func find(_ shape: UsageShape, at time: Timestamp) -> Int? {
        slots.find(shape.hash) { place in
            plans[place].shape == shape && plans[place].pricing.validity.contains(time.nanosecondsSinceEpoch)
        }
    }

    mutating func insert(_ plan: ShapePlan) {
        guard plans.count < Self.largestCount else { return }
        slots.insert(plan.shape.hash, row: plans.count)
        plans.append(plan)
    }
}
