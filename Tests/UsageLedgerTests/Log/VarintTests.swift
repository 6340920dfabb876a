import LMDB
import Testing

@testable import UsageLedger

@Suite(.bounded) struct VarintTests {
    @Test(
        arguments: [
            (0, [0]), (1, [1]), (127, [0x7F]), (128, [0x80, 1]), (16_383, [0xFF, 0x7F]), (16_384, [0x80, 0x80, 1]),
            (.max, [UInt8](repeating: 0xFF, count: 9) + [1]),
            (1 << 63, [UInt8](repeating: 0x80, count: 9) + [1]),
        ] as [(UInt64, [UInt8])])
    func `a number has these bytes and no others`(_ number: UInt64, _ bytes: [UInt8]) throws {
        var encoded: [UInt8] = []
        encoded.appendVarint(number)
        #expect(encoded == bytes)
        var position = 0
        #expect(try bytes.span.bytes.readVarint(&position) == number)
        #expect(position == bytes.count)
    }

    @Test(
        arguments: [
            [0x80, 0], [0xFF, 0x80, 0], [UInt8](repeating: 0x80, count: 9) + [0],
            [UInt8](repeating: 0x80, count: 9) + [2], [UInt8](repeating: 0xFF, count: 10) + [1],
            [UInt8](repeating: 0xFF, count: 300),
        ] as [[UInt8]])
    func `a number with bytes to spare or too many bits is refused`(_ bytes: [UInt8]) {
        var position = 0
        #expect(throws: CodecFailure.malformedNumber) { try bytes.span.bytes.readVarint(&position) }
    }

    @Test(arguments: [[], [0x80], [0xFF, 0xFF], [UInt8](repeating: 0x80, count: 9)] as [[UInt8]])
    func `a number that ends too early is refused`(_ bytes: [UInt8]) {
        var position = 0
        #expect(throws: CodecFailure.truncated) { try bytes.span.bytes.readVarint(&position) }
        var wide = 0
        #expect(throws: CodecFailure.truncated) { try bytes.span.bytes.readWideVarint(&wide) }
    }

    @Test(arguments: [0, -1, 1, -64, 64, .min, .max, .min + 1] as [Int64])
    func `a signed number comes back`(_ number: Int64) throws {
        var encoded: [UInt8] = []
        encoded.appendSignedVarint(number)
        var position = 0
        #expect(try encoded.span.bytes.readSignedVarint(&position) == number)
        #expect(position == encoded.count)
        #expect(number.magnitude > 64 || encoded.count <= 2)
    }

    @Test(arguments: [0, -1, 1, 1 << 100, -(1 << 100), .min, .max] as [Int128])
    func `a wide signed number comes back`(_ number: Int128) throws {
        var encoded: [UInt8] = []
        encoded.appendWideSignedVarint(number)
        var position = 0
        #expect(try encoded.span.bytes.readWideSignedVarint(&position) == number)
        #expect(position == encoded.count)
    }

    @Test(
        arguments: [
            [0x80, 0], [UInt8](repeating: 0x80, count: 18) + [0], [UInt8](repeating: 0x80, count: 18) + [4],
            [UInt8](repeating: 0xFF, count: 19) + [1], [UInt8](repeating: 0xFF, count: 300),
        ] as [[UInt8]])
    func `a wide number with bytes to spare or too many bits is refused`(_ bytes: [UInt8]) {
        var position = 0
        #expect(throws: CodecFailure.malformedNumber) { try bytes.span.bytes.readWideVarint(&position) }
    }

    @Test(arguments: [[2, 1], [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 1, 1]] as [[UInt8]])
    func `a field longer than what is left is refused`(_ bytes: [UInt8]) {
        var position = 0
        #expect(throws: CodecFailure.truncated) { try bytes.span.bytes.readCountedRange(&position) }
    }
}
