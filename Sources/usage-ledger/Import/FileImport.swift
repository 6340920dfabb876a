import UsageLedger

/// Imports one file: reads a batch while the one before it is recorded, and keeps the order of the file.
struct FileImport {
    let file: String
    let format: EventFormat
    let mapping: CSVMapping
    let recorder: BatchRecorder
    /// Where refused rows go; nil where they are not kept.
    var rejects: RejectsFile?
    /// Told of each refused row.
    var tell: (Rejection) -> Void = { _ in }

    /// Imports the file and adds what became of its rows to `tally`, which is right even when this throws.
    ///
    /// - Returns: the row that stopped the import, if one did.
    func run(into tally: inout ImportTally) async throws -> Rejection? {
        var reader = try EventFileReader(path: file, format: format, mapping: mapping)
        var progress = ProgressBar("importing \(file.split(separator: "/").last ?? "")")
        defer { progress.finish() }
        rejects?.begin(header: reader.csvHeader, mapping: mapping)
        let recorder = recorder  // what the child task takes, without the rest of this value
        var batch = try nextBatch(&reader)
        while !batch.isEmpty {
            let current = batch
            async let recording = recorder.record(current)
            let following = batchAfter(current, &reader)
            let outcome = await recording
            tally += outcome.tally
            for rejection in outcome.rejections {
                tally.rejected += 1
                progress.finish()
                tell(rejection)
                try rejects?.append(rejection)
            }
            if let failure = outcome.failure { throw failure }
            if recorder.onError == .stop, let rejection = outcome.rejections.first { return rejection }
            batch = try following.get()
            progress.show(reader.bytesRead, of: reader.totalBytes, note: "\(tally.read.grouped) rows")
        }
        return nil
    }

    private func nextBatch(_ reader: inout EventFileReader) throws(LedgerError) -> ImportBatch {
        try ImportBatch(from: &reader, endingAtFirstRejection: recorder.onError == .stop, keepingRaw: rejects != nil)
    }

    /// The next batch, or why it cannot be read: that waits until what is being recorded has its outcome.
    private func batchAfter(
        _ batch: ImportBatch, _ reader: inout EventFileReader
    ) -> Result<ImportBatch, LedgerError> {
        if recorder.onError == .stop, !batch.rejections.isEmpty { return .success(ImportBatch()) }
        do throws(LedgerError) {
            return .success(try nextBatch(&reader))
        } catch {
            return .failure(error)
        }
    }
}
