/// An entry's place in the log: 1, 2, 3, ... without gaps. 0 stands before the first entry.
public struct SequenceNumber: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// The place before the first entry: nothing has been recorded.
    public static let zero = SequenceNumber(0)

    public static func < (left: SequenceNumber, right: SequenceNumber) -> Bool { left.rawValue < right.rawValue }

    public var description: String { String(rawValue) }

    /// The number `distance` places further on.
    func advanced(by distance: Int) -> SequenceNumber { SequenceNumber(rawValue &+ UInt64(distance)) }
}
