import UsageLedger

/// Imports one file: cuts it into batches, which are decoded side by side and recorded one after the other, in the order of
/// the file. So nothing behind a row that stops the import is recorded, however far the file was read.
struct FileImport {
    let file: String
    let format: EventFormat
    let mapping: CSVMapping
    let recorder: BatchRecorder
    /// Where refused rows go; nil where they are not kept.
    var rejects: RejectsFile?
    /// Told of each refused row.
    var tell: (Rejection) -> Void = { _ in }

    /// Batches that are read before their turn: one for each core, and one that waits for the writer.
    private static let batchesAhead = 3

    /// So many batches are recorded before the next one is read: they bring the names that most events have, and events of
    /// names that are known can be encoded on the readers' side.
    private static let batchesAlone = 2

    /// Imports the file and adds what became of its rows to `tally`, which is right even when this throws.
    ///
    /// - Returns: the row that stopped the import, if one did.
    func run(into tally: inout ImportTally) async throws -> Rejection? {
        var reader = try EventFileReader(path: file, format: format, mapping: mapping)
        var progress = ProgressBar("importing \(file.split(separator: "/").last ?? "")")
        defer { progress.finish() }
        rejects?.begin(header: reader.csvHeader, mapping: mapping)
        // What comes through a pipe may come slowly, and what is there is not to wait for what follows.
        let batchesAhead = reader.totalBytes == nil ? 1 : Self.batchesAhead
        let decoding = BatchDecoding(reader.makeDecoder(), ledger: recorder.target.ledger, onError: recorder.onError)
        var batches: [Task<ImportBatch, Never>] = []
        var recording: Task<BatchRecorder.Outcome, Never>?
        /// Why the file cannot be read on: that waits until what was read has its outcome.
        var failure: LedgerError?
        var isAtEnd = false
        var begun = 0
        repeat {
            if begun <= Self.batchesAlone, let rejection = try await take(&recording, &tally, &progress) {
                return rejection
            }
            while batches.count < (begun < Self.batchesAlone ? 1 : batchesAhead), !isAtEnd {
                do throws(LedgerError) {
                    if let rows = try reader.nextBatch(of: begun == 0 ? ImportBatch.first : ImportBatch.largest) {
                        batches.append(decoding.decode(rows))
                    } else {
                        isAtEnd = true
                    }
                } catch {
                    failure = error
                    isAtEnd = true
                }
            }
            let batch = batches.isEmpty ? nil : await batches.removeFirst().value
            if let rejection = try await take(&recording, &tally, &progress) { return rejection }
            guard let batch else { break }
            begun += 1
            let recorder = recorder  // what the task takes, without the rest of this value
            recording = Task { await recorder.record(batch) }
            progress.show(batch.bytesRead, of: reader.totalBytes, note: "\(tally.read.grouped) rows")
        } while true
        if let failure { throw failure }
        return nil
    }

    /// Waits for what becomes of a batch, adds it up, and tells what was refused.
    ///
    /// - Returns: the row that stops the import, if one does.
    private func take(
        _ recording: inout Task<BatchRecorder.Outcome, Never>?, _ tally: inout ImportTally,
        _ progress: inout ProgressBar
    ) async throws -> Rejection? {
        guard let outcome = await recording.take()?.value else { return nil }
        tally += outcome.tally
        for rejection in outcome.rejections {
            tally.rejected += 1
            progress.finish()
            tell(rejection)
            try rejects?.append(rejection)
        }
        if let failure = outcome.failure { throw failure }
        return recorder.onError == .stop ? outcome.rejections.first : nil
    }
}
