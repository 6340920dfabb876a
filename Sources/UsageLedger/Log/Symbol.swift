import LMDB

/// A number that stands for a repeated string: an agent's id, an operation, a category. Numbers start at 1, in the order of
/// their definition in the log; 0 stands for "none".
struct Symbol: RawRepresentable, Hashable, Comparable, Sendable {
    var rawValue: UInt32

    init(rawValue: UInt32) { self.rawValue = rawValue }
    init(_ rawValue: UInt32) { self.rawValue = rawValue }

    static let none = Symbol(0)

    static func < (left: Symbol, right: Symbol) -> Bool { left.rawValue < right.rawValue }
}

/// A text that a symbol stands for, whatever it names.
struct SymbolText: TextIdentifier {
    var rawValue: String
    init(rawValue: String) { self.rawValue = rawValue }
}

extension [UInt8] {
    mutating func append(_ symbol: Symbol) { appendVarint(UInt64(symbol.rawValue)) }
}

extension RawSpan {
    func readSymbol(_ position: inout Int) throws(CodecFailure) -> Symbol {
        guard let number = UInt32(exactly: try readVarint(&position)) else { throw .malformedNumber }
        return Symbol(number)
    }

    /// A symbol where "none" is not allowed.
    func readDefinedSymbol(_ position: inout Int, _ what: String) throws(CodecFailure) -> Symbol {
        let symbol = try readSymbol(&position)
        guard symbol != .none else { throw .invalidValue(what) }
        return symbol
    }
}
