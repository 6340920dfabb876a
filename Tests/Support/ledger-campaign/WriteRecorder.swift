import Foundation

/// Processes whose writes are recorded by `write-recorder.c.txt`, a library that is preloaded into them.
struct WriteRecorder {
    private let library: String

    /// Compiles the library; nil where there is no compiler for it.
    init?(in scratch: Scratch) throws {
        guard let compiler = SystemCommand.path(of: "cc", "clang", "gcc") else { return nil }
        let source = scratch.path("write-recorder.c")
        library = scratch.path("write-recorder.so")
        try Data(PackageResources.write_recorder_c_txt).write(to: URL(fileURLWithPath: source))
        guard SystemCommand.run(compiler, ["-O1", "-shared", "-fPIC", "-o", library, source]) == 0 else { return nil }
    }

    /// Starts a child that records are kept of.
    ///
    /// - Parameters:
    ///   - root: the directory below which files are looked at, without symbolic links.
    ///   - records: the file that records are added to.
    ///   - death: the number of the call before which the child kills itself; 0 for none.
    func start(_ arguments: [String], receipts: String, root: String, records: String, death: Int) throws -> Child {
        try Child(
            arguments, receipts: receipts,
            environment: [
                "LD_PRELOAD": library, "RECORDER_ROOT": root, "RECORDER_LOG": records, "RECORDER_DIES_AT": "\(death)",
            ])
    }
}
