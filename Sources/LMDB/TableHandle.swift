import CLMDB
import Synchronization

/// What all copies of a ``Table`` share.
///
/// LMDB gives the number of a dropped table to the next one opened. A stale copy would then read and write another
/// table without notice, hence the mark.
final class TableHandle: Sendable {
    let name: String
    let number: MDB_dbi
    let environmentSerial: UInt64
    private let dead = Atomic<Bool>(false)

    init(name: String, number: MDB_dbi, environmentSerial: UInt64) {
        self.name = name
        self.number = number
        self.environmentSerial = environmentSerial
    }

    var isDead: Bool { dead.load(ordering: .relaxed) }

    func markDead() { dead.store(true, ordering: .relaxed) }
}
