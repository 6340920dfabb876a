#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// Lets one thread of this process at a time into whatever writes or opens tables.
///
/// Not a `Mutex`: its closure may return only what can be sent to another thread, which the result of a write closure
/// need not be. And this one finds a thread that waits for itself.
///
/// `@unchecked Sendable`: the pointer never changes, and what it points to is made for many threads.
@safe final class WriterLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        var attributes = pthread_mutexattr_t()
        unsafe pthread_mutexattr_init(&attributes)
        unsafe pthread_mutexattr_settype(&attributes, CInt(PTHREAD_MUTEX_ERRORCHECK))
        unsafe mutex = .allocate(capacity: 1)
        let status = unsafe pthread_mutex_init(mutex, &attributes)
        precondition(status == 0, "no mutex: status \(status)")
        unsafe pthread_mutexattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Waits for the lock; traps where the calling thread holds it.
    func lock() {
        let status = unsafe pthread_mutex_lock(mutex)
        precondition(status == 0, "a write, or the opening of a table, inside of a write closure would wait for itself")
    }

    /// To be called on the thread that called `lock`.
    func unlock() {
        let status = unsafe pthread_mutex_unlock(mutex)
        precondition(status == 0, "unlocked on another thread")
    }
}
