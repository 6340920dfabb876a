import ArgumentParser
import Foundation

@main
struct ThroughputCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "throughput",
        abstract: "Measure how fast the ledger records, beside raw LMDB and SQLite, and how fast it reads.",
        discussion: """
            All in one run and in turns, so that ratios hold on a machine that others use as well. Needs about 500 bytes \
            of disk an event while it runs, and removes them at its end.
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

    @Option(help: "Of how many events raw LMDB and SQLite take part.")
    var compared = 500_000

    @Option(help: "Where the files lie; the system's directory for temporary files when not given.")
    var directory: String?

    @Flag(help: "One line of JSON.")
    var json = false

    func validate() throws {
        guard batch > 0, agents > 0, tasks > 0, events >= 10 * batch, compared >= 10 * batch else {
            throw ValidationError("--events and --compared are at least ten times --batch, all others more than zero")
        }
    }

    func run() async throws {
        let parent = directory ?? FileManager.default.temporaryDirectory.path
        let path = parent + "/usage-ledger-throughput-\(ProcessInfo.processInfo.processIdentifier)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let conditions = Conditions(
            events: events, batch: batch, agents: agents, ids: ids, tasks: tasks,
            fileSystem: Machine.fileSystem(of: path))
        let run = Run(conditions: conditions, comparedEvents: min(compared, events), directory: path)
        let isTerminal = isatty(STDERR_FILENO) == 1
        let found = try await run.measure { step in
            if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K\(step)".utf8)) }
        }
        if isTerminal { FileHandle.standardError.write(Data("\r\u{1B}[K".utf8)) }
        print(json ? found.json(conditions) : found.text(conditions))
    }
}

extension WorkLoad.IDs: ExpressibleByArgument {}
