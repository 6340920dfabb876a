/// Many events in one JSON array, each for itself: one that is refused does not hold the others back.
package enum EventBatch {
    /// The ranges of the values in a JSON array.
    ///
    /// - Throws: ``LedgerError`` with code ``LedgerError/Code-swift.struct/invalidEvent`` where `bytes` is no JSON array.
    package static func elements(of bytes: [UInt8]) throws(LedgerError) -> [Range<Int>] {
        do throws(FormatFailure) {
            return try CloudEvents.elements(ofBatch: bytes)
        } catch {
            throw error.ledgerError
        }
    }
}
