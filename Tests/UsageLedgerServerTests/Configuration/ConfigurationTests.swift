import Foundation
import Testing

@testable import UsageLedgerServer

@Suite(.bounded) struct ConfigurationTests {
    private static func read(
        _ arguments: [String], _ environment: [String: String] = [:]
    ) async throws -> ServiceConfiguration {
        try await ServiceConfiguration(arguments: arguments, environment: environment)
    }

    @Test func `a flag prevails over a variable, and a variable over a file`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data(#"{"port": 1, "host": "file", "maxUrlBytes": 100, "allowPrivateWebhooks": true}"#.utf8).write(to: file)
        let read = try await Self.read(
            ["--config", file.path, "--port=3"],
            ["USAGE_LEDGER_SERVER_PORT": "2", "USAGE_LEDGER_SERVER_HOST": "variable", "USAGE_LEDGER": "elsewhere"])
        #expect(read.port == 3)
        #expect(read.host == "variable")
        #expect(read.limits.urlBytes == 100)
        #expect(read.allowsPrivateWebhooks)
        #expect(read.ledger == "elsewhere")
        #expect(read.limits.connections == 1024)
    }

    @Test(arguments: [
        ["--prot", "1"], ["--port"], ["--port", "x"], ["--port", "65536"], ["--max-streams", "-1"], ["serve"],
        ["--log-level", "loud"], ["--tls-key", "k"], ["--jwt-issuer", "i"], ["--config", "/nowhere.json"],
        ["--allow-private-webhooks=yes"],
    ])
    func `what cannot be set is refused`(_ arguments: [String]) async {
        await #expect(throws: ConfigurationError.self) { try await Self.read(arguments) }
    }

    @Test func `the help names every setting with its default`() {
        for setting in Setting.all {
            #expect(Setting.help.contains(setting.flag))
            if let standard = setting.standard { #expect(Setting.help.contains("(default: \(standard))")) }
        }
    }
}
