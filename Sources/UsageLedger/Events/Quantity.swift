/// An exact quantity of a billable thing: an integer count of millionths of its unit.
///
/// Tokens, messages and requests are whole; seconds and credits may not be. 128 bits wide for sums; a single usage line
/// is held to ``Quantity/lineRange``.
public struct Quantity: Hashable, Sendable {
    /// Millionths of a unit.
    public var millionths: Int128

    public init(millionths: Int128) {
        self.millionths = millionths
    }

    /// Whole units.
    public init(_ units: Int) {
        millionths = Int128(units) * 1_000_000
    }

    public static let zero = Quantity(millionths: 0)

    /// Decimal digits behind the point that a quantity can have.
    public static let scale = 6

    /// What the quantity of one usage line may be: 0 to 1e12 units.
    public static let lineRange = Quantity(millionths: 0)...Quantity(millionths: 1_000_000_000_000_000_000)

    /// Reads decimal text such as `1500` or `0.25`.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidArgument`` when the text is not a decimal
    ///   number, has a digit below a millionth, or is out of range.
    public init(parsing text: some StringProtocol) throws(LedgerError) {
        do throws(DecimalText.Failure) {
            millionths = try DecimalText.parse(text.utf8, scale: Self.scale)
        } catch {
            throw LedgerError.badDecimal(String(text), failure: error, what: "quantity", smallest: "0.000001")
        }
    }
}

extension Quantity: Comparable, AdditiveArithmetic {
    public static func < (left: Quantity, right: Quantity) -> Bool { left.millionths < right.millionths }
    public static func + (left: Quantity, right: Quantity) -> Quantity {
        Quantity(millionths: left.millionths + right.millionths)
    }
    public static func - (left: Quantity, right: Quantity) -> Quantity {
        Quantity(millionths: left.millionths - right.millionths)
    }
}

extension Quantity: CustomStringConvertible {
    /// The exact quantity as decimal text without exponent or trailing zeros: `1500`, `0.25`.
    public var description: String { DecimalText.format(millionths, scale: Self.scale) }
}

extension Quantity: ExpressibleByIntegerLiteral {
    /// Whole units.
    public init(integerLiteral value: Int) { self.init(value) }
}
