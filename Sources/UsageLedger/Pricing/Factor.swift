/// An exact decimal factor: 1.1 for ten percent more, 0.5 for half price. Millionths; from 0 to 1,000.
public struct Factor: Hashable, Sendable {
    public var millionths: Int64

    public init(millionths: Int64) {
        self.millionths = millionths
    }

    /// Decimal digits behind the point that a factor can have.
    public static let scale = 6

    static let range: ClosedRange<Int64> = 0...1_000_000_000

    /// Reads decimal text such as `1.1`.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidArgument`` when the text is not a decimal
    ///   number, has a digit below a millionth, or lies outside 0...1000.
    public init(parsing text: some StringProtocol) throws(LedgerError) {
        let value: Int128
        do throws(DecimalText.Failure) {
            value = try DecimalText.parse(text.utf8, scale: Self.scale)
        } catch {
            throw LedgerError.badDecimal(String(text), failure: error, what: "factor", smallest: "0.000001")
        }
        guard let millionths = Int64(exactly: value), Self.range.contains(millionths) else {
            throw .invalidArgument("factor", "\(text) is not between 0 and 1000")
        }
        self.millionths = millionths
    }
}

extension Factor: CustomStringConvertible {
    /// The exact factor as decimal text without exponent or trailing zeros: `1.1`.
    public var description: String { DecimalText.format(Int128(millionths), scale: Self.scale) }
}

extension Factor: ExpressibleByStringLiteral {
    /// Decimal text in source code: `"1.1"`. Traps when it is not a factor.
    public init(stringLiteral value: String) {
        guard let factor = try? Factor(parsing: value) else { preconditionFailure("'\(value)' is not a factor") }
        self = factor
    }
}
