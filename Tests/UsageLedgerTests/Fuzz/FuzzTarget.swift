/// What must hold of a decoder for any bytes at all. The fuzzer looks for bytes of which it does not; the tests replay the
/// corpus in `Fixtures/fuzz`.
///
/// A target keeps what takes long to make from one input to the next.
protocol FuzzTarget {
    /// The target's name on the command line, and that of its corpus.
    static var name: String { get }

    init()

    /// - Throws: ``BrokenLaw``.
    mutating func check(_ input: [UInt8]) throws
}

/// All targets.
enum FuzzTargets {
    static var all: [any FuzzTarget.Type] {
        [
            SegmentLaws.self, EntryLaws.self, NDJSONLaws.self, CSVLaws.self, CloudEventsLaws.self, SheetLaws.self,
            DecimalLaws.self, TimeLaws.self,
        ]
    }
}

/// What was found not to hold.
struct BrokenLaw: Error, CustomStringConvertible {
    var description: String
}

/// - Throws: ``BrokenLaw`` unless `condition` holds.
func hold(_ condition: @autoclosure () throws -> Bool, _ law: @autoclosure () -> String) throws {
    guard try condition() else { throw BrokenLaw(description: law()) }
}
