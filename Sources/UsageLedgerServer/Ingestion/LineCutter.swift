import NIOCore

/// Cuts a body that comes in parts into lines.
struct LineCutter {
    /// A line, or as much of one as showed that it is too long.
    struct Line {
        var bytes: [UInt8]
        var isTooLong: Bool
    }

    private let limitBytes: Int
    private var rest: [UInt8] = []
    /// Whether the rest of a line that is too long is being passed over.
    private var isSkipping = false

    init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// The lines that end within `buffer`; blank ones are left out.
    mutating func lines(of buffer: ByteBuffer) -> [Line] {
        var lines: [Line] = []
        var view = buffer.readableBytesView
        while let end = view.firstIndex(of: UInt8(ascii: "\n")) {
            take(view[..<end], into: &lines, isEnd: true)
            view = view[(end + 1)...]
        }
        take(view, into: &lines, isEnd: false)
        return lines
    }

    /// What stands behind the last line end.
    mutating func end() -> [Line] {
        var lines: [Line] = []
        take(ByteBufferView(), into: &lines, isEnd: true)
        return lines
    }

    private mutating func take(_ part: ByteBufferView, into lines: inout [Line], isEnd: Bool) {
        if !isSkipping { rest += part }
        if rest.count > limitBytes {
            lines.append(Line(bytes: Array(rest.prefix(limitBytes)), isTooLong: true))
            rest = []
            isSkipping = true
        }
        guard isEnd else { return }
        if !rest.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) {
            lines.append(Line(bytes: rest, isTooLong: false))
        }
        rest = []
        isSkipping = false
    }
}
