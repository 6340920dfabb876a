import ArgumentParser
import Foundation

struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Start the HTTP service, the executable usage-ledger-server.",
        discussion: """
            The service is an executable of its own and not part of this build, which stays light. When it lies beside this \
            one, it is started with the remaining arguments.
            """)

    private static let server = "usage-ledger-server"

    @Argument(parsing: .captureForPassthrough, help: "What the service is given.")
    var arguments: [String] = []

    func run() throws {
        guard let directory = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent() else {
            throw CommandFailure("where this program lies is not known; start \(Self.server) itself")
        }
        let path = directory.appending(path: Self.server).path
        guard FileManager.default.isExecutableFile(atPath: path) else {
            StandardError.write(
                "error: the service is the executable \(Self.server), which does not lie in '\(directory.path)'; build it "
                    + "with `swift build -c release --product \(Self.server)`")
            throw ExitCode(2)
        }
        signal(SIGPIPE, SIG_DFL)
        // All that was given, options before the word `serve` included.
        var given = CommandLine.arguments.dropFirst()
        if let place = given.firstIndex(of: "serve") { given.remove(at: place) }
        var pointers = ([path] + given).map { strdup($0) } + [nil]
        execv(path, &pointers)
        throw CommandFailure("\(path): cannot be started: \(String(cString: strerror(errno)))")
    }
}
