#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// How often a call that a signal interrupts is repeated before that counts as a failure.
private let mostRepetitions = 10_000

/// Repeats a system call that a signal interrupts, up to 10,000 times; gives what it gave at last, with its `errno`.
package func uninterrupted(_ call: () -> CInt) -> CInt {
    for _ in 0..<mostRepetitions {
        let result = call()
        if result >= 0 || errno != EINTR { return result }
    }
    return call()
}

/// The same for what throws: repeats it where it fails with `EINTR`.
func uninterrupted<Result>(_ body: () throws(LMDBError) -> Result) throws(LMDBError) -> Result {
    for _ in 0..<mostRepetitions {
        do throws(LMDBError) {
            return try body()
        } catch {
            guard error.status == EINTR else { throw error }
        }
    }
    return try body()
}
