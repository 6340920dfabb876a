/// An exact amount of the ledger's currency: an integer count of picodollars (1e-12 of the currency unit).
///
/// 128 bits wide, so that sums never overflow in practice; the cost of a single usage line is held to 64 bits
/// (``Money/lineRange``, a little over 9.2 million currency units).
public struct Money: Hashable, Sendable {
    /// Picodollars: units of 1e-12 of the currency unit.
    public var picodollars: Int128

    public init(picodollars: Int128) {
        self.picodollars = picodollars
    }

    public static let zero = Money(picodollars: 0)

    /// Decimal digits behind the point that an amount can have.
    public static let scale = 12

    /// What the cost of one usage line may be.
    public static let lineRange = Money(picodollars: 0)...Money(picodollars: Int128(Int64.max))

    /// Reads decimal text such as `0.081` or `2.5e-06`.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidArgument`` when the text is not a decimal
    ///   number, has a digit below 1e-12, or is out of range.
    public init(parsing text: some StringProtocol) throws(LedgerError) {
        do throws(DecimalText.Failure) {
            picodollars = try DecimalText.parse(text.utf8, scale: Self.scale)
        } catch {
            throw LedgerError.badDecimal(String(text), failure: error, what: "amount", smallest: "0.000000000001")
        }
    }

    /// The amount rounded half to even to `places` behind the point, for display only (`15.23`).
    ///
    /// - Precondition: `places` is 0...12.
    public func rounded(toPlaces places: Int) -> String {
        DecimalText.format(picodollars, scale: Self.scale, roundedToPlaces: places)
    }
}

extension Money: Comparable, AdditiveArithmetic {
    public static func < (left: Money, right: Money) -> Bool { left.picodollars < right.picodollars }
    public static func + (left: Money, right: Money) -> Money {
        Money(picodollars: left.picodollars + right.picodollars)
    }
    public static func - (left: Money, right: Money) -> Money {
        Money(picodollars: left.picodollars - right.picodollars)
    }
}

extension Money: CustomStringConvertible {
    /// The exact amount as decimal text without exponent or trailing zeros: `0.081`.
    public var description: String { DecimalText.format(picodollars, scale: Self.scale) }
}

extension Money: ExpressibleByIntegerLiteral {
    /// Whole currency units: `300` is 300 dollars.
    public init(integerLiteral value: Int) {
        self.init(picodollars: Int128(value) * 1_000_000_000_000)
    }
}

extension Money: ExpressibleByStringLiteral {
    /// Decimal text in source code: `"0.0055"`. Traps when it is not an exact amount.
    public init(stringLiteral value: String) {
        guard let amount = try? Money(parsing: value) else { preconditionFailure("'\(value)' is not an exact amount") }
        self = amount
    }
}
