import LMDB

extension LedgerFiles {
    /// Brings the stored views up to the end of the log, where nobody else writes; builds them anew where they cannot be used.
    ///
    /// - Returns: the end of the log, and the digest of the views there.
    func storeViews(projectors: [any Projector]) throws -> (EventLog.Tail, RowDigest) {
        let tail = try log.tail(in: environment.beginRead())
        let rebuild = ViewRebuild(self, projectors: projectors)
        var opened = try openViews(projectors: projectors)
        if !opened.isComplete || opened.views.checkpoint > tail.lastSequenceNumber {
            let outcome = try rebuild.run()
            try rebuild.discard(outcome.former)
            opened = try openViews(projectors: projectors)
        }
        try rebuild.catchUp(opened.views)
        try rebuild.fold(into: opened.views, through: tail.lastSequenceNumber)
        return (tail, try opened.views.storedDigest(in: environment.beginRead()))
    }
}
