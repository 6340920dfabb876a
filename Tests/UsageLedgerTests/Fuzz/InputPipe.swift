#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// Bytes that can be read from a path, without a file.
struct InputPipe: ~Copyable {
    private let descriptor: Int32

    var path: String { "/dev/fd/\(descriptor)" }

    /// - Precondition: `bytes` fit into a pipe: 64 KiB.
    init(_ bytes: [UInt8]) throws {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw BrokenLaw(description: "no pipe: error \(errno)") }
        precondition(bytes.count <= 1 << 16, "more than a pipe holds")
        let count = write(ends[1], bytes, bytes.count)
        precondition(count == bytes.count, "a pipe takes all it can hold")
        close(ends[1])
        descriptor = ends[0]
    }

    deinit { close(descriptor) }
}
