import CLMDB
import Synchronization

/// An LMDB environment: one directory with `data.mdb` and `lock.mdb`, holding named tables.
///
/// Any number of readers, in any number of processes, see snapshots and block nobody; one writer at a time, over all
/// processes. A commit returns when its data is on disk, unless the environment is transient; `MDB_WRITEMAP` is never set.
package final class Environment: Sendable {
    /// The longest key: LMDB's `mdb_env_get_maxkeysize`, as compiled by default.
    package static let maxKeySizeBytes = 511

    /// The directory, as given.
    package let path: String

    /// Sets it apart from every other environment of this process, also from ones closed earlier.
    let serial: UInt64
    let writerLock = WriterLock()
    private let identity: DirectoryIdentity
    private let state: Mutex<State>
    private let tables = Mutex<[String: TableHandle]>([:])

    private struct State {
        var handle: CHandle?
        var openReads = 0
        var openWrites = 0
        var runningCalls = 0
    }

    /// Opens the environment of an existing directory, and creates its files where there are none yet.
    ///
    /// Throws `missingDirectory`; `alreadyOpen` where this process has the same directory open by any path;
    /// `notAnEnvironment`, `versionMismatch` or `truncated` where the data file is not sound; `permissionDenied`;
    /// `invalidOptions`; `outOfMemory` where the address space does not have room for the map. Clears the reader slots
    /// of dead processes.
    package init(path: String, options: Options = Options()) throws(LMDBError) {
        try options.check(path: path)
        let identity = try DirectoryIdentity.reserve(path)
        do throws(LMDBError) {
            let handle = try Self.openFiles(path, options)
            self.path = path
            self.identity = identity
            self.state = Mutex(State(handle: handle))
            self.serial = Self.serials.add(1, ordering: .relaxed).newValue
        } catch {
            identity.release()
            throw error
        }
        // Failing only where memory is short; stale readers cost space, not correctness.
        _ = try? clearStaleReaders()
    }

    deinit {
        // Every transaction and cursor holds the environment: none is left.
        closeFiles()
    }

    /// Unmaps the data and closes the files; traps where a transaction is open. Afterwards only `path` may be used, and
    /// everything else throws `closed`.
    ///
    /// Letting go of the environment and its transactions does the same. Closing twice is fine.
    package func close() {
        closeFiles()
    }

    /// Closes as ``close()`` does where nothing is open; otherwise changes nothing and returns false.
    package func closeIfIdle() -> Bool {
        let (isIdle, handle): (Bool, CHandle?) = state.withLock { state in
            guard state.openReads == 0, state.openWrites == 0, state.runningCalls == 0 else { return (false, nil) }
            defer { state.handle = nil }
            return (true, state.handle)
        }
        if let handle { release(handle) }
        return isIdle
    }

    private static let serials = Atomic<UInt64>(0)

    private func closeFiles() {
        let handle: CHandle? = state.withLock { state in
            precondition(
                state.openReads == 0 && state.openWrites == 0 && state.runningCalls == 0,
                "closed with \(state.openReads) reads, \(state.openWrites) writes, \(state.runningCalls) calls open"
            )
            defer { state.handle = nil }
            return state.handle
        }
        if let handle { release(handle) }
    }

    private func release(_ handle: CHandle) {
        unsafe mdb_env_close(handle.pointer)
        identity.release()
    }
}

// Counting transactions

extension Environment {
    /// The environment for the length of a C call, which keeps `close()` from closing it; throws `closed`.
    func withHandle<T: Sendable>(_ body: (OpaquePointer) -> T) throws(LMDBError) -> T {
        let open: CHandle? = state.withLock { state in
            if state.handle != nil { state.runningCalls += 1 }
            return state.handle
        }
        guard let handle = open else { throw LMDBError(code: .closed, operation: "use", path: path) }
        defer { state.withLock { state in state.runningCalls -= 1 } }
        return unsafe body(handle.pointer)
    }

    /// Counts a transaction before it begins; throws `closed`.
    func transactionWillBegin(isRead: Bool) throws(LMDBError) -> CHandle {
        let open: CHandle? = state.withLock { state in
            guard state.handle != nil else { return nil }
            if isRead { state.openReads += 1 } else { state.openWrites += 1 }
            return state.handle
        }
        guard let open else {
            throw LMDBError(code: .closed, operation: isRead ? "begin read" : "begin write", path: path)
        }
        return open
    }

    func transactionEnded(isRead: Bool) {
        state.withLock { state in
            if isRead { state.openReads -= 1 } else { state.openWrites -= 1 }
        }
    }

    /// Runs a C call while no read transaction is open and none can begin; nil where one is open.
    func withoutReaders(_ call: () -> CInt) -> CInt? {
        state.withLock { state in state.openReads == 0 ? call() : nil }
    }
}

// Tables by name: LMDB's handles are opened once and kept.

extension Environment {
    func cachedTable(_ name: String) -> Table? {
        tables.withLock { tables in tables[name].map { Table(handle: $0) } }
    }

    /// Makes the tables of a committed transaction known.
    func keep(_ handles: [TableHandle]) {
        guard !handles.isEmpty else { return }
        tables.withLock { tables in
            for handle in handles { tables[handle.name] = handle }
        }
    }

    func forget(_ handle: TableHandle) {
        handle.markDead()
        tables.withLock { tables in
            if tables[handle.name] === handle { tables[handle.name] = nil }
        }
    }
}
