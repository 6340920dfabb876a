import NIOCore
import UsageLedger

/// Cuts a body that comes in parts into lines.
struct LineCutter {
    private let limitBytes: Int
    private var bytes: [UInt8] = []
    /// Whether the rest of a line that is too long is being passed over.
    private var isSkipping = false

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Gives the lines that end within `buffer` to `body`, as their places among the bytes it gets; nil stands for a line
    /// that is too long. Blank ones are left out, and so is white space around the others.
    mutating func cut(_ buffer: ByteBuffer, _ body: ([UInt8], Range<Int>?) -> Void) {
        var place = bytes.count
        bytes += buffer.readableBytesView
        var start = 0
        while let end = EventLineDecoder.lineEnd(in: bytes, from: place) {
            give(start..<end, body)
            start = end + 1
            place = start
        }
        bytes.removeFirst(start)
        guard bytes.count > limitBytes else { return }
        if !isSkipping { body(bytes, nil) }
        isSkipping = true
        bytes.removeAll()
    }

    /// Gives what stands behind the last line end.
    mutating func end(_ body: ([UInt8], Range<Int>?) -> Void) {
        give(0..<bytes.count, body)
        bytes.removeAll()
    }

    private mutating func give(_ line: Range<Int>, _ body: ([UInt8], Range<Int>?) -> Void) {
        if isSkipping {
            isSkipping = false
            return
        }
        if line.count > limitBytes { return body(bytes, nil) }
        var (first, last) = (line.lowerBound, line.upperBound)
        while first < last, Self.isBlank(bytes[last - 1]) { last -= 1 }
        while first < last, Self.isBlank(bytes[first]) { first += 1 }
        if first < last { body(bytes, first..<last) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }
}
