/// A snapshot: sees what was committed when it began, and nothing later. Ends when it is let go.
///
/// It can be moved to another thread and read by several. Pages it can see are not reused while it lives, so a
/// long-lived one makes the data file grow. It keeps the environment alive.
package struct ReadTransaction: ~Copyable, Transaction, Sendable {
    /// For this module.
    package let core: TransactionCore

    init(core: TransactionCore) {
        self.core = core
    }

    deinit {
        core.abort()
    }

    /// The number of the commit it sees.
    package var snapshotID: UInt64 { core.transactionID }
}
