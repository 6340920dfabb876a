import Foundation

/// One record of `write-recorder.c.txt`: a call that a process was about to make, the result of one, or what the process said.
struct RecordedOperation {
    enum Kind: UInt32 {
        case create = 1
        case makeDirectory, write, truncate, sync, end, said, unknown
    }

    struct Malformed: Error {}

    var kind: Kind
    /// Of a call and of its result the same.
    var call: UInt32
    /// The offset of a write, the new length of a truncation, the result of an end.
    var figure: Int
    /// Whether a write is on disk when it returns: the descriptor is one with `O_DSYNC`.
    var isSynced: Bool
    var path: String
    var data: [UInt8]

    /// All records of a file, in their order.
    static func read(from path: String) throws -> [RecordedOperation] {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
        var operations: [RecordedOperation] = []
        var place = 0
        func number(_ offset: Int, _ count: Int) -> UInt64 {
            (0..<count).reduce(0) { $0 | UInt64(bytes[place + offset + $1]) << UInt64(8 * $1) }
        }
        while place < bytes.count {
            guard place + 32 <= bytes.count, let kind = Kind(rawValue: UInt32(number(0, 4))) else { throw Malformed() }
            let path = Int(number(24, 4))
            let data = Int(number(28, 4))
            let start = place + 32
            guard start + path + data <= bytes.count else { throw Malformed() }
            operations.append(
                RecordedOperation(
                    kind: kind, call: UInt32(number(4, 4)),
                    figure: Int(Int64(bitPattern: number(8, 8))), isSynced: number(16, 8) != 0,
                    path: String(decoding: bytes[start..<start + path], as: UTF8.self),
                    data: Array(bytes[start + path..<start + path + data])))
            place = start + path + data
        }
        return operations
    }
}
