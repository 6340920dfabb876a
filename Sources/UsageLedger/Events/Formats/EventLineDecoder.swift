/// Decodes events from lines of NDJSON that lie in one stretch of bytes.
package struct EventLineDecoder: Sendable {
    private var plain: PlainJSON?

    /// - Parameter count: how many lines there are about; a single one is not worth remembering names for.
    package init(count: Int) {
        plain = count > 1 ? PlainJSON() : nil
    }

    /// The event that a line is.
    ///
    /// - Parameter range: the line without white space around it.
    /// - Throws: as ``EventJSON/decode(_:defaultID:)``.
    package mutating func event(in bytes: [UInt8], _ range: Range<Int>) throws(LedgerError) -> UsageEvent {
        if let event = plain?.event(bytes.span.bytes, in: range) { return event }
        do throws(FormatFailure) {
            return try EventJSON.decodeRecord(bytes, in: range)
        } catch {
            throw error.ledgerError
        }
    }

    /// The place of the next line feed; nil where none follows.
    package static func lineEnd(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.span.bytes.firstIndex(of: UInt8(ascii: "\n"), from: start)
    }
}
