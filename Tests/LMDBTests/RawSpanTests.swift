import LMDB
import Testing

struct RawSpanTests {
    @Test(arguments: 0..<9)
    func `integers are loaded at any offset, in both byte orders`(offset: Int) {
        let bytes = [UInt8](repeating: 0xEE, count: offset) + [1, 2, 3, 4, 5, 6, 7, 0x88]
        let span = bytes.span.bytes
        #expect(span.byte(at: offset) == 1)
        #expect(span.littleEndian(at: offset, as: UInt16.self) == 0x0201)
        #expect(span.bigEndian(at: offset, as: UInt16.self) == 0x0102)
        #expect(span.littleEndian(at: offset, as: UInt32.self) == 0x0403_0201)
        #expect(span.bigEndian(at: offset, as: UInt32.self) == 0x0102_0304)
        #expect(span.littleEndian(at: offset, as: UInt64.self) == 0x8807_0605_0403_0201)
        #expect(span.bigEndian(at: offset, as: UInt64.self) == 0x0102_0304_0506_0788)
        #expect(span.littleEndian(at: offset, as: Int64.self) == Int64(bitPattern: 0x8807_0605_0403_0201))
    }

    @Test func `what is appended is loaded`() {
        var bytes: [UInt8] = [0]
        bytes.appendLittleEndian(UInt32(0x0403_0201))
        bytes.appendBigEndian(UInt16(0x0506))
        bytes.appendLittleEndian(Int128(-2))
        let tail: [UInt8] = [7, 8]
        bytes.append(tail.span.bytes)
        #expect(bytes == [0, 1, 2, 3, 4, 5, 6, 0xFE] + [UInt8](repeating: 0xFF, count: 15) + [7, 8])
        #expect(bytes.span.bytes.littleEndian(at: 7, as: Int128.self) == -2)
    }

    @Test func `bytes are copied whole and in part`() {
        let bytes: [UInt8] = [1, 2, 3, 4]
        #expect(bytes.span.bytes.array() == bytes)
        #expect(bytes.span.bytes.array(in: 1..<3) == [2, 3])
        #expect(bytes.span.bytes.array(in: 4..<4) == [])
    }

    @Test func `text is checked`() {
        let bytes = [UInt8]("aé".utf8) + [0xFF]
        #expect(bytes.span.bytes.string(in: 0..<3) == "aé")
        #expect(bytes.span.bytes.string(in: 0..<0) == "")
        #expect(bytes.span.bytes.string(in: 0..<2) == nil)
        #expect(bytes.span.bytes.string(in: 0..<4) == nil)
    }

    @Test(
        arguments: [
            ([], [], 0), ([], [0], -1), ([1], [1], 0), ([1], [2], -1), ([1, 0], [1], 1), ([0x7F], [0x80], -1),
            ([1, 2, 3], [1, 3], -1),
        ] as [([UInt8], [UInt8], Int)]
    )
    func `the first different byte decides, then the length`(left: [UInt8], right: [UInt8], order: Int) {
        #expect(left.span.bytes.isLess(than: right.span.bytes) == (order < 0))
        #expect(right.span.bytes.isLess(than: left.span.bytes) == (order > 0))
        #expect(left.span.bytes.isEqual(to: right.span.bytes) == (order == 0))
    }
}
