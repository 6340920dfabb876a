import NIOCore
import Testing

@testable import UsageLedgerServer

/// Lines are the same however a body comes.
@Suite(.bounded) struct LineCutterTests {
    /// Bytes of a line; nil for one that is too long.
    private typealias Line = [UInt8]?

    private static let limitBytes = 2

    /// All bodies of up to five of these bytes.
    private static let bodies: [[UInt8]] = {
        var all: [[UInt8]] = [[]]
        var longest = all
        for _ in 0..<5 {
            longest = longest.flatMap { body in "a \r\n".utf8.map { body + [$0] } }
            all += longest
        }
        return all
    }()

    /// `cuts` has a bit for each place between two bytes where one part ends and the next begins.
    private func lines(_ body: [UInt8], cuts: Int) -> [Line] {
        var lines: [Line] = []
        var cutter = LineCutter(limitBytes: Self.limitBytes)
        func add(_ bytes: [UInt8], _ line: Range<Int>?) { lines.append(line.map { Array(bytes[$0]) }) }
        var start = 0
        for end in 1..<max(body.count, 1) where cuts & 1 << (end - 1) != 0 {
            cutter.cut(ByteBuffer(bytes: body[start..<end]), add)
            start = end
        }
        cutter.cut(ByteBuffer(bytes: body[start...]), add)
        cutter.end(add)
        return lines
    }

    private func expected(_ body: [UInt8]) -> [Line] {
        body.split(separator: UInt8(ascii: "\n")).compactMap { line -> Line? in
            if line.count > Self.limitBytes { return .some(nil) }
            let isBlank = { (byte: UInt8) in byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\r") }
            let rest = line.drop(while: isBlank)
            guard let last = rest.lastIndex(where: { !isBlank($0) }) else { return nil }
            return .some(Array(rest[...last]))
        }
    }

    @Test func `every body gives the same lines, in one part and in any others`() {
        for body in Self.bodies {
            let expected = expected(body)
            for cuts in 0..<1 << max(body.count - 1, 0) {
                let found = lines(body, cuts: cuts)
                if found != expected { Issue.record("\(body), cut at the bits of \(cuts): \(found), not \(expected)") }
            }
        }
    }
}
