import UsageLedger

/// Records batches, and says what became of every row.
struct BatchRecorder: Sendable {
    /// What takes the events.
    enum Target: Sendable {
        case ledger(Ledger)
        case server(RemoteLedger)

        /// The ledger itself, where it is at hand.
        var ledger: Ledger? {
            if case .ledger(let ledger) = self { ledger } else { nil }
        }
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
        if let failure = batch.failure { return Outcome(failure: failure) }
        return switch (target, onError) {
        case (.ledger(let ledger), .stop): await recordUntilFirstFault(batch, in: ledger)
        case (.ledger(let ledger), .skip): await recordEach(batch, in: ledger)
        case (.server(let server), _): await recordEach(batch, through: server)
        }
    }

    /// Records the events before the first fault, and none after it.
    private func recordUntilFirstFault(_ batch: ImportBatch, in ledger: Ledger) async -> Outcome {
        var outcome = Outcome(rejections: batch.rejections)
        var prepared = batch.prepared
        while let attempt = prepared {
            do throws(LedgerError) {
                outcome.tally.add(try await ledger.record(attempt))
                break
            } catch {
                guard error.isAboutEvent, let index = error.index, index < attempt.events.count else {
                    outcome.rejections = []
                    outcome.failure = error
                    return outcome
                }
                // Nothing was recorded. What stands before this event may hold an earlier fault, found later: a conflict.
                outcome.rejections = [batch.rejection(at: index, error)]
                let before = Array(attempt.events[..<index])
                do throws(LedgerError) {
                    prepared = before.isEmpty ? nil : try ledger.prepareBatch(before)
                } catch {
                    return Outcome(failure: error)
                }
            }
        }
        return outcome
    }

    /// Records each event that can be.
    private func recordEach(_ batch: ImportBatch, in ledger: Ledger) async -> Outcome {
        var outcome = Outcome(rejections: batch.rejections)
        guard let prepared = batch.prepared else { return outcome }
        do throws(LedgerError) {
            let sums = try await ledger.record(prepared)
            outcome.tally.add(sums)
            for (index, error) in sums.failures.sorted(by: { $0.key < $1.key }) {
                outcome.refuse(index, of: batch, error)
            }
        } catch {
            outcome.failure = error
        }
        outcome.rejections.sort { $0.row < $1.row }
        return outcome
    }

    private func recordEach(_ batch: ImportBatch, through server: RemoteLedger) async -> Outcome {
        var outcome = Outcome(rejections: batch.rejections)
        do {
            for (index, result) in try await server.recordEach(batch.events).enumerated() {
                switch result {
                case .success(let receipt): outcome.tally.add(receipt)
                case .failure(let error): outcome.refuse(index, of: batch, error)
                }
            }
        } catch {
            outcome.failure = error
        }
        outcome.rejections.sort { $0.row < $1.row }
        return outcome
    }
}

extension BatchRecorder.Outcome {
    fileprivate mutating func refuse(_ index: Int, of batch: ImportBatch, _ error: LedgerError) {
        if error.isAboutEvent {
            rejections.append(batch.rejection(at: index, error))
        } else {
            failure = error
        }
    }
}
