import Synchronization
import UsageLedger

/// Decodes and prepares batches of one file, several at once.
final class BatchDecoding: Sendable {
    /// What the batches are prepared for; nil where a service does that.
    private let ledger: Ledger?
    private let onError: OnError
    /// What has no decoder at hand takes a copy of this one.
    private let first: EventDecoder
    /// Those that are not at work; they know the names that came before.
    private let idle = Mutex<[EventDecoder]>([])

    init(_ decoder: EventDecoder, ledger: Ledger?, onError: OnError) {
        first = decoder
        self.ledger = ledger
        self.onError = onError
    }

    /// Starts on a batch.
    func decode(_ rows: EventFileBatch) -> Task<ImportBatch, Never> {
        Task {
            var decoder = idle.withLock { $0.popLast() } ?? first
            let batch = ImportBatch(rows, &decoder, for: ledger, onError: onError)
            let used = decoder
            idle.withLock { $0.append(used) }
            return batch
        }
    }
}
