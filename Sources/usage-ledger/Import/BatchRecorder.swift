import UsageLedger

/// Records batches, and says what became of every row.
struct BatchRecorder: Sendable {
    /// What takes the events.
    enum Target: Sendable {
        case ledger(Ledger)
        case server(RemoteLedger)
    }

    let target: Target
    let onError: OnError

    /// What became of one batch.
    struct Outcome: Sendable {
        /// Of the rows that are recorded, now or before.
        var tally = ImportTally()
        /// In the order of the file. Where the import stops at the first, just that one.
        var rejections: [Rejection] = []
        /// What kept the ledger from taking events at all.
        var failure: (any Error)?
    }

    func record(_ batch: ImportBatch) async -> Outcome {
        switch (target, onError) {
        case (.ledger(let ledger), .stop): await recordUntilFirstFault(batch, in: ledger)
        case (.ledger(let ledger), .skip):
            await recordEach(batch) { events throws(LedgerError) in try await ledger.recordEach(events) }
        case (.server(let server), _): await recordEach(batch, server.recordEach)
        }
    }

    /// Records the events before the first fault, and none after it.
    private func recordUntilFirstFault(_ batch: ImportBatch, in ledger: Ledger) async -> Outcome {
        var outcome = Outcome()
        var fault = batch.rejections.first
        var count = batch.events.count
        while count > 0 {
            do throws(LedgerError) {
                for receipt in try await ledger.record(Array(batch.events[..<count])) { outcome.tally.add(receipt) }
                break
            } catch {
                guard error.isAboutEvent, let index = error.index, index < count else {
                    outcome.failure = error
                    return outcome
                }
                // Nothing was recorded. What stands before this event may hold an earlier fault, found later: a conflict.
                fault = batch.rejection(at: index, error)
                count = index
            }
        }
        if let fault { outcome.rejections = [fault] }
        return outcome
    }

    /// Records each event that can be.
    private func recordEach(
        _ batch: ImportBatch, _ record: ([UsageEvent]) async throws -> [Result<Receipt, LedgerError>]
    ) async -> Outcome {
        var outcome = Outcome()
        outcome.rejections = batch.rejections
        do {
            for (index, result) in try await record(batch.events).enumerated() {
                switch result {
                case .success(let receipt): outcome.tally.add(receipt)
                case .failure(let error) where error.isAboutEvent:
                    outcome.rejections.append(batch.rejection(at: index, error))
                case .failure(let error): outcome.failure = error
                }
            }
        } catch {
            outcome.failure = error
        }
        outcome.rejections.sort { $0.row < $1.row }
        return outcome
    }
}
