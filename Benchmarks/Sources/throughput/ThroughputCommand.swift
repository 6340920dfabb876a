import ArgumentParser
import Foundation

@main
struct ThroughputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measure how fast the ledger records, beside raw LMDB and databases, and how fast it reads.",
        discussion: """
            All in one run and in turns, so that ratios hold on a machine that others use as well. What is done is told on \
            standard error; the files are removed at the end.
            """)

    @Option(help: "How many events are recorded.")
    var events = 1_000_000

    @Option(help: "How many of them a call records.")
    var batch = 10_000

    @Option(help: "How many agents they are of.")
    var agents = 1000

    @Option(help: "What ids they have.")
    var ids = WorkLoad.IDs.random

    @Option(help: "How many tasks record at the same time.")
    var tasks = 2

    @Option(help: "Of how many events raw LMDB and the databases take part; 0 for none.")
    var compared = 500_000

    @Option(
        help: ArgumentHelp(
            "Let PostgreSQL take part, through the program psql, in a schema that is dropped at the end.",
            valueName: "url"))
    var postgres: String?

    @Option(
        help: ArgumentHelp(
            "The usage-ledger program to import files with; the one beside this program when not given.",
            valueName: "path"))
    var importWith: String?

    @Option(help: "How many events are imported from each kind of file.")
    var imported = 500_000

    @Option(help: "Where the files lie; the system's directory for temporary files when not given.")
    var directory: String?

    @Flag(help: "One line of JSON.")
    var json = false

    /// The program to import with: without one, nothing is imported.
    private var importer: String? {
        if imported == 0 { return nil }
        if let importWith { return importWith }
        let beside = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent().path + "/usage-ledger"
        return FileManager.default.isExecutableFile(atPath: beside) ? beside : nil
    }

    /// What a run needs of the disk, generously: the ledger with the views of a replay beside it, and for each event that is
    /// compared two more logs, a ledger and a database.
    private var bytesNeeded: Int {
        events * 150 + min(events, 4_000_000) * 250 + min(compared, events) * 800
            + (importer == nil ? 0 : imported * 600) + 100_000_000
    }

    func validate() throws {
        guard batch > 0, agents > 0, tasks > 0, events >= 10 * batch else {
            throw ValidationError("--events is at least ten times --batch, and all others are more than zero")
        }
        guard compared == 0 || compared >= 10 * batch, imported >= 0 else {
            throw ValidationError("--compared is 0, or at least ten times --batch")
        }
        if postgres != nil, compared == 0 {
            throw ValidationError("--postgres is for a comparison; --compared 0 leaves all of them out")
        }
        if let importWith, !FileManager.default.isExecutableFile(atPath: importWith) {
            throw ValidationError("--import-with: '\(importWith)' is no program")
        }
    }

    func run() async throws {
        let parent = directory ?? FileManager.default.temporaryDirectory.path
        try Machine.checkSpace(for: bytesNeeded, in: parent)
        let path = parent + "/usage-ledger-throughput-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        // Where a replay keeps its views.
        setenv("TMPDIR", path, 1)
        let conditions = Conditions(
            events: events, batch: batch, agents: agents, ids: ids, tasks: tasks, compared: min(compared, events),
            imported: importer == nil ? 0 : imported, fileSystem: Machine.fileSystem(of: path))
        let found = try await Run(
            conditions: conditions, directory: path, postgres: postgres, importer: importer
        ).measure()
        print(json ? found.json(conditions) : found.table(conditions), terminator: json ? "\n" : "")
    }
}

extension WorkLoad.IDs: ExpressibleByArgument {}
