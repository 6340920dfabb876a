/// Checks that adjustments take away what counts: an effect that is still there, and all of it.
struct AdjustmentChecker {
    /// What counts of the entries that were adjusted, as hash values; nil where nothing does any more.
    private var effects: [SequenceNumber: Int?] = [:]

    /// - Parameters:
    ///   - newEffect: what counts of the target from here on; nil for nothing.
    ///   - recorded: the usage that an entry records.
    /// - Throws: ``LedgerError`` with code `damaged`.
    mutating func check(
        _ effect: UsageEffect, of target: SequenceNumber, leaving newEffect: UsageEffect?,
        at sequenceNumber: SequenceNumber, _ recorded: (SequenceNumber) throws(LedgerError) -> UsageRecord?
    ) throws(LedgerError) {
        let present: Int?
        if let known = effects[target] {
            present = known
        } else if target < sequenceNumber, let usage = try recorded(target) {
            present = usage.effect.hashValue
        } else {
            throw .damaged("entry \(sequenceNumber): adjusts entry \(target), which is no usage", at: sequenceNumber)
        }
        guard let present else {
            throw .damaged(
                "entry \(sequenceNumber): adjusts entry \(target), of which nothing counts any more", at: sequenceNumber
            )
        }
        guard present == effect.hashValue else {
            throw .damaged(
                "entry \(sequenceNumber): takes away something else than what counts of entry \(target)",
                at: sequenceNumber)
        }
        note(newEffect, of: target)
    }

    /// Says what counts of an entry from here on, where what counted before cannot be known.
    mutating func note(_ effect: UsageEffect?, of target: SequenceNumber) {
        effects.updateValue(effect?.hashValue, forKey: target)
    }
}
