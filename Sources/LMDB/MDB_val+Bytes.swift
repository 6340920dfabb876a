import CLMDB

extension MDB_val {
    /// Bytes to be handed to LMDB, which copies them during the call and does not write to them.
    init(_ bytes: UnsafeRawBufferPointer) {
        unsafe self.init(mv_size: bytes.count, mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress))
    }

    /// Bytes handed out by LMDB; in the map, so valid until the next change or the end of the transaction.
    var bytes: UnsafeRawBufferPointer {
        unsafe UnsafeRawBufferPointer(start: mv_data, count: mv_size)
    }
}
