import Foundation

/// A session with a PostgreSQL server through its own client program: statements go in at one pipe, answers come out of
/// another.
final class PostgreSQLSession {
    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    /// Where the client writes what is wrong.
    private let complaints: String
    /// What has been read and not been asked for yet.
    private var unread: [UInt8] = []
    private var markers = 0

    /// - Throws: ``Failure`` where there is no `psql`, or it cannot connect.
    init(_ url: String, directory: String) throws {
        guard let program = Self.program() else {
            throw Failure("--postgres needs the program psql, which is not on the PATH; install postgresql-client")
        }
        let complaints = directory + "/psql.err"
        self.complaints = complaints
        // A client that has ended shows as a failed write.
        signal(SIGPIPE, SIG_IGN)
        guard FileManager.default.createFile(atPath: complaints, contents: nil) else {
            throw Failure("'\(complaints)' cannot be written")
        }
        process.executableURL = URL(filePath: program)
        process.arguments = ["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-w", "-d", url]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle(forWritingAtPath: complaints)
        try process.run()
        try wait()
    }

    private static func program() -> String? {
        (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/psql" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
    }

    /// Sends statements and waits until they are done.
    ///
    /// - Throws: ``Failure`` with the client's own words.
    func run(_ statements: String) throws { try run(Array(statements.utf8)) }

    func run(_ statements: [UInt8]) throws {
        do {
            try input.fileHandleForWriting.write(contentsOf: Data(statements))
        } catch {
            throw failure()
        }
        try wait()
    }

    func end() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// Has the client print a line behind everything it was sent, and waits for this line.
    private func wait() throws {
        markers += 1
        do {
            try input.fileHandleForWriting.write(contentsOf: Data("\\echo done-\(markers)\n".utf8))
        } catch {
            throw failure()
        }
        let marker = Array("done-\(markers)".utf8)
        while true {
            while let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let isMarker = unread[..<end].elementsEqual(marker)
                unread.removeSubrange(...end)
                if isMarker { return }
            }
            let bytes = output.fileHandleForReading.availableData
            if bytes.isEmpty { throw failure() }
            unread += bytes
        }
    }

    private func failure() -> Failure {
        end()
        let said = (try? String(contentsOfFile: complaints, encoding: .utf8)) ?? ""
        let line = said.split(separator: "\n").first.map(String.init) ?? "it ended without a word"
        return Failure("PostgreSQL: \(line)")
    }
}
