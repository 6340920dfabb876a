import LMDB

extension LedgerError {
    /// The error as the ledger's own, with what it means for the ledger and what to do.
    static func wrapping(_ error: any Error) -> LedgerError {
        if let error = error as? LedgerError { return error }
        guard let error = error as? LMDBError else {
            return LedgerError(.inputOutput, "unexpected failure: \(error)", underlying: error)
        }
        let place = error.path.map { " in '\($0)'" } ?? ""
        let (code, advice): (Code, String) =
            switch error.code {
            case .missingDirectory: (.ledgerMissing, "the directory does not exist; create it with init")
            case .permissionDenied: (.permissionDenied, "permission denied; check owner and mode of the ledger's files")
            case .diskFull: (.diskFull, "the disk is full; free some space and try again")
            case .mapFull: (.mapFull, "the map is full; open the ledger with a larger map size")
            case .notAnEnvironment: (.notALedger, "data.mdb is not an LMDB file")
            case .versionMismatch: (.newerFormat, "data.mdb was written by another version of LMDB")
            case .truncated, .corrupted, .pageNotFound, .damaged:
                (.damaged, "stored data is damaged (\(error.operation)); run verify, restore a backup")
            case .closed: (.closed, "the ledger is closed")
            case .alreadyOpen: (.locked, "this process has the ledger open already")
            case .panic: (.frozen, "an earlier write failed; close the ledger and open it again")
            case .inputOutput: (.inputOutput, "input/output error; check the disk")
            default: (.inputOutput, "\(error)")
            }
        return LedgerError(code, advice + place, underlying: error)
    }
}
