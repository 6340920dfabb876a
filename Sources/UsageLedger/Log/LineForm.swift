/// What an encoded line says beside its category, quantity and price.
struct LineForm: OptionSet, Sendable {
    var rawValue: UInt8

    /// The reported class that became the line.
    static let usageClass = LineForm(rawValue: 1)
    /// What each component adds to the price.
    static let charges = LineForm(rawValue: 2)

    init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    init(withClass: Bool, withCharges: Bool) {
        self = []
        if withClass { insert(.usageClass) }
        if withCharges { insert(.charges) }
    }
}
