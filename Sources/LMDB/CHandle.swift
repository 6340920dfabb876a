/// A pointer to one of LMDB's structures.
///
/// `@unchecked Sendable`: it is an address only. Who holds it keeps LMDB's rules for threads: an environment may be
/// used by all, a transaction by one thread at a time (``TransactionCore``).
@safe struct CHandle: Equatable, @unchecked Sendable {
    let pointer: OpaquePointer

    static func == (left: CHandle, right: CHandle) -> Bool {
        unsafe left.pointer == right.pointer
    }
}
