/// A price in steps.
public struct TieredPrice: Hashable, Sendable {
    /// How the steps are meant.
    public enum Mode: Hashable, Sendable {
        /// All units of a call cost what the step says that the size of its input falls into, as language-model providers
        /// price long prompts. The size is the event's `input_tokens`; of a line that the event names itself, its quantity.
        case cliff
        /// Each unit costs what the step says that it falls into, counted over a period.
        case graduated(Metering)
        /// All units of a call cost what the step says that the period has reached with them. Earlier ones of the period
        /// keep their price until they are restated (`rates apply`), which counts the whole period.
        case volume(Metering)
    }

    /// What has been used in a period, and by whom.
    public struct Metering: Hashable, Sendable {
        /// Day, month, year by the calendar.
        public var period: CalendarPeriod
        /// The IANA zone whose days and months are meant.
        public var timeZone: String
        /// Whether each agent counts for itself; else all agents of the ledger together.
        public var isPerAgent: Bool
        /// What counts together: rates that name the same meter share it. The category's name when nil.
        public var meter: String?

        public init(
            per period: CalendarPeriod = .month, timeZone: String = "UTC", isPerAgent: Bool = false,
            meter: String? = nil
        ) {
            self.period = period
            self.timeZone = timeZone
            self.isPerAgent = isPerAgent
            self.meter = meter
        }
    }

    public struct Step: Hashable, Sendable {
        /// The quantity above which the step holds, or from which on where the price is inclusive. Zero for the first.
        public var above: Quantity
        public var price: UnitPrice

        public init(above: Quantity, _ price: UnitPrice) {
            self.above = above
            self.price = price
        }
    }

    public var mode: Mode
    /// Whether a quantity equal to a step's `above` belongs to that step (`>=`) or to the one before (`>`). Graduated prices
    /// have no such difference.
    public var isInclusive: Bool
    /// 1 to 32 steps, the first above zero, each above a larger quantity than the one before.
    public var steps: [Step]

    public init(_ mode: Mode, isInclusive: Bool = false, steps: [Step]) {
        self.mode = mode
        self.isInclusive = isInclusive
        self.steps = steps
    }

    /// A free quota: so many units of each period cost nothing, the others `price`.
    public static func free(_ quota: Quantity, _ metering: Metering, then price: UnitPrice) -> TieredPrice {
        TieredPrice(
            .graduated(metering),
            steps: [Step(above: .zero, UnitPrice(.zero, per: price.per)), Step(above: quota, price)])
    }

    var metering: Metering? {
        switch mode {
        case .cliff: nil
        case .graduated(let metering), .volume(let metering): metering
        }
    }

    /// The step that `size` falls into.
    func step(for size: Quantity) -> Step {
        steps.last { isInclusive ? size >= $0.above : size > $0.above } ?? steps[0]
    }

    /// How a run of units that begins behind `consumed` is spread over the steps of a graduated price.
    func pieces(of quantity: Quantity, after consumed: Quantity) -> [(step: Step, quantity: Quantity)] {
        var pieces: [(step: Step, quantity: Quantity)] = []
        let end = consumed + quantity
        for (index, step) in steps.enumerated() {
            let upper = index + 1 < steps.count ? min(steps[index + 1].above, end) : end
            let lower = max(step.above, consumed)
            if upper > lower { pieces.append((step, upper - lower)) }
        }
        return pieces
    }
}
