import Foundation
import NIOHTTP1
import Testing
import UsageLedger

/// Programs of others against the service. Skipped, with a message, where they are not installed: set
/// USAGE_LEDGER_PYTHON to the interpreter of an environment that has `openmeter` and `schemathesis`.
@Suite(.bounded) struct PythonTests {
    private static let python = ProcessInfo.processInfo.environment["USAGE_LEDGER_PYTHON"] ?? "/usr/bin/python3"

    private static func has(_ module: String) -> Bool {
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = ["-c", "import \(module)"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    @Test(.enabled(if: has("openmeter"), "Python has no package openmeter"))
    func `OpenMeter's own client ingests unchanged`() async throws {
        let server = try await RunningServer()
        let script = """
            import sys, datetime
            from openmeter import Client
            client = Client(endpoint=sys.argv[1])
            event = {"specversion": "1.0", "id": "1", "source": "test", "type": "search", "subject": "a",
                     "time": datetime.datetime.now(datetime.timezone.utc).isoformat(),
                     "datacontenttype": "application/json",
                     "data": {"lines": [{"category": "google_search_api", "quantity": 1}]}}
            if hasattr(client, "events"):
                client.events.ingest_event(event)
                client.events.ingest_events([event, dict(event, id="2")])
            else:
                client.ingest_events(event)
                client.ingest_events([event, dict(event, id="2")])
            """
        let result = try await RunningServer.run(Self.python, ["-c", script, server.url])
        #expect(result.code == 0, "\(result.output)")
        #expect(try await server.ask(.GET, "/api/cost-tracking/usage/a").text.contains("\"recordCount\":2"))
    }

    /// All checks on all paths; `schemathesis_rules.py` says what no schema can. USAGE_LEDGER_EXAMPLES sets how many cases.
    @Test(.enabled(if: has("schemathesis"), "Python has no package schemathesis"))
    func `schemathesis finds no answer that the document does not describe`() async throws {
        let server = try await RunningServer("--max-stream-seconds", "0")
        let examples = ProcessInfo.processInfo.environment["USAGE_LEDGER_EXAMPLES"] ?? "5"
        let rules = RunningServer.package + "/Tests/UsageLedgerServerTests/Clients"
        let result = try await RunningServer.run(
            "/usr/bin/env",
            [
                "PYTHONPATH=\(rules)", "SCHEMATHESIS_HOOKS=schemathesis_rules", "PYTHONDONTWRITEBYTECODE=1",
                Self.python,
                "-m", "schemathesis.cli", "--config-file", rules + "/schemathesis.toml", "run",
                server.url + "/openapi.json", "--max-examples", examples, "--phases", "examples,coverage,fuzzing",
                "--suppress-health-check", "all",
            ])
        #expect(result.code == 0, "\(result.output.suffix(4000))")
    }

    @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/promtool"), "promtool is not there"))
    func `promtool has nothing against the metrics`() async throws {
        let server = try await RunningServer()
        let result = try await RunningServer.run(
            "/bin/bash", ["-c", "curl -s \(server.url)/metrics | promtool check metrics"])
        #expect(result.code == 0, "\(result.output)")
    }
}
