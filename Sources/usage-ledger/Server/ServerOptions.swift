import ArgumentParser
import Foundation

/// The service that a command goes through, instead of opening the ledger itself.
struct ServerOptions: ParsableArguments {
    @Option(
        name: .customLong("server"),
        help: ArgumentHelp("Go through the service at this URL, such as http://127.0.0.1:8080.", valueName: "url"))
    var url: String?

    @Option(help: ArgumentHelp("The key for it; the variable USAGE_LEDGER_KEY is its default.", valueName: "key"))
    var key: String?

    func validate() throws {
        if url == nil, key != nil { throw ValidationError("--key is for --server") }
        guard let url else { return }
        guard let parts = URLComponents(string: url), ["http", "https"].contains(parts.scheme), parts.host != nil else {
            throw ValidationError("--server: '\(url)' is not a URL such as http://127.0.0.1:8080")
        }
    }

    /// The service, where one is named.
    var server: RemoteLedger? {
        url.map { RemoteLedger(url: $0, key: key ?? ProcessInfo.processInfo.environment["USAGE_LEDGER_KEY"]) }
    }
}
