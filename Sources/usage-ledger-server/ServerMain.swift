import ArgumentParser
import Foundation
import Logging
import Metrics
import UsageLedger
import UsageLedgerServer

/// The program: `serve`, which is meant where no other word stands first, and the care of keys and webhooks.
@main
struct ServerMain {
    private static let version = "0.1.0"

    static func main() async {
        // A connection that its other side has closed shows as an error of `write`.
        signal(SIGPIPE, SIG_IGN)
        var arguments = Array(CommandLine.arguments.dropFirst())
        switch arguments.first {
        case "keys", "webhooks", "demo":
            await CareCommand.main(arguments)
        case "help", "--help", "-h":
            printHelp()
        case "--version":
            print(version)
        default:
            if arguments.first == "serve" { arguments.removeFirst() }
            if arguments.contains("--help") || arguments.contains("-h") { return printHelp() }
            await serve(arguments)
        }
    }

    private static func serve(_ arguments: [String]) async {
        do {
            let configuration = try await ServiceConfiguration(
                arguments: arguments, environment: ProcessInfo.processInfo.environment)
            let level = configuration.logLevel
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = level
                return handler
            }
            MetricsSystem.bootstrap(PrometheusRegistry.shared)
            let store = try ServiceStore(ledger: configuration.ledger)
            let service = try await LedgerService(
                configuration, store: store, logger: Logger(label: "usage-ledger-server"))
            try await service.run()
            store.close()
        } catch let error as ConfigurationError {
            fail("\(error)", code: 2)
        } catch let error as LedgerError {
            fail(error.message, code: 1)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    private static func fail(_ message: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data("error: \(message)\n".utf8))
        exit(code)
    }

    private static func printHelp() {
        print(
            """
            The HTTP service of Usage Ledger.

            usage-ledger-server [serve] [--ledger DIR] [--host ADDRESS] [--port NUMBER] ...
            usage-ledger-server keys create|list|revoke ...
            usage-ledger-server demo [--port NUMBER]
            usage-ledger-server webhooks add|list|remove|dead-letters ...

            Exit codes: 0 ended as asked; 1 it could not go on; 2 it was called in a wrong way.

            """)
        print(Setting.help, terminator: "")
    }
}
