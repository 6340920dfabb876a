import Testing

/// What people see, and how the program ends.
@Suite(.bounded) struct TerminalTests {
    @Test func `wide, combining and right-to-left names keep the columns in place`() async throws {
        let tool = try await Tool.withLedger()
        let names = ["東京支店", "e\u{301}cole", "وكالة", "🏠 agency", "plain"]
        try tool.write(names.enumerated().map { Events.search("n-\($0)", agent: $1) }.joined(), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let lines = try await tool.run("report", "--group-by", "agent").lines
        func line(_ name: String) -> String { lines.first { $0.contains(name) } ?? "" }
        #expect(line("plain") == "plain           1         1      0.00    0.005")
        #expect(line("東京支店") == "東京支店        1         1      0.00    0.005")
        #expect(line("cole") == "e\u{301}cole           1         1      0.00    0.005")
        #expect(line("وكالة") == "\u{2068}وكالة\u{2069}           1         1      0.00    0.005")
        #expect(line("🏠") == "🏠 agency       1         1      0.00    0.005")
    }

    @Test func `what would reorder or hide the text around it is shown as its code`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.search("n", agent: "a\u{202E}b\u{200B}c\u{2028}d"), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let table = try await tool.run("agents")
        #expect(table.output.contains(#"a\u{202E}b\u{200B}c\u{2028}d"#))
        let message = try await tool.run("void", "\u{1B}[2J\u{202E}x", "--reason", "r")
        #expect(message.errors == #"error: no event has the id '\u{1B}[2J\u{202E}x'"# + "\n")
        let json = try await tool.run("agents", "--json")
        #expect(json.output.contains("\"a\u{202E}b\u{200B}c\u{2028}d\""))
    }

    @Test func `nothing but messages goes to standard error when it is no terminal`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(100), to: "e.ndjson")
        for arguments in [["import", "e.ndjson"], ["verify"], ["replay"], ["replay", "--rebuild"]] {
            let result = try await tool.run(arguments)
            #expect(result.exitCode == 0 && result.errors == "", "\(arguments)")
        }
    }

    @Test func `a personal value in metadata is in no message`() async throws {
        let tool = try await Tool.withLedger()
        let event = Events.search("e").replacing(#""id""#, with: #""metadata":{"phone":"+49170"},"oops":1,"id""#)
        try tool.write(event, to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson")
        #expect(result.exitCode == 1 && result.errors.contains("'oops'"))
        #expect(!result.errors.contains("+49170"))
        let broken = try await tool.run(
            "record", "--agent", "a", "--operation", "o", "--category", "google_search_api", "--quantity", "1",
            "--metadata", #"{"phone":"+49170",}"#)
        #expect(broken.exitCode == 2)
        #expect(!broken.errors.contains("+49170"), "\(broken.errors)")
    }

    // MARK: Endings

    @Test(arguments: [
        ["--help"], ["help", "import"], ["import", "--help"], ["--version"], [], ["budget", "set", "--help"],
    ])
    func `help and version end well`(arguments: [String]) async throws {
        let result = try await Tool().run(arguments)
        #expect(result.exitCode == 0 && !result.output.isEmpty && result.errors == "")
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completions are made`(shell: String) async throws {
        let result = try await Tool().run("--generate-completion-script", shell)
        #expect(result.exitCode == 0 && result.output.contains("usage-ledger"))
    }

    @Test(arguments: [
        ["nonsense"], ["report", "--nonsense"], ["report", "--group-by", "moon"], ["report", "--from", "yesterday"],
        ["report", "--from", "2026-02-02", "--to", "2026-02-01"], ["record"], ["void", "e-1"],
        ["serve", "--port", "none"],
        ["record", "--agent", "a", "--operation", "o"], ["summary"], ["init", "--timezone", "Mars"],
        [
            "record", "--agent", "a", "--operation", "o", "--category", "c", "--quantity", "1", "--usage",
            "input_tokens=1",
        ],
        ["record", "--agent", "a", "--operation", "o", "--usage", "input_tokens"], ["init", "--currency", "dollars"],
    ])
    func `a call in a wrong way is one line on standard error and code 2`(arguments: [String]) async throws {
        let tool = try Tool()
        let result = try await tool.run(arguments)
        #expect(result.exitCode == 2, "\(result.errors)")
        #expect(result.output == "")
        #expect(
            result.errors.hasPrefix("error: ") && result.errors.split(separator: "\n").count == 1, "\(result.errors)")
        #expect(!tool.exists("usage.ledger"))
    }

    @Test(arguments: [
        ["report"], ["agents"], ["verify"], ["stats"], ["export", "--agent", "a"], ["alerts"], ["alerts", "--follow"],
        ["replay", "--rebuild"], ["budget", "list"], ["rates"], ["categories"], ["backup", "copy"],
    ])
    func `a missing ledger is said to be missing`(arguments: [String]) async throws {
        let tool = try Tool()
        let result = try await tool.run(arguments)
        #expect(result.exitCode == 1)
        #expect(result.errors.hasPrefix("error: ") && result.errors.contains("init"), "\(result.errors)")
        #expect(!tool.exists("usage.ledger"))
    }

    @Test func `a ledger is not made where one is`() async throws {
        let tool = try await Tool.withLedger()
        let result = try await tool.run("init", "--currency", "EUR")
        #expect(result.exitCode == 1 && result.errors.contains("already"))
        #expect(try await tool.run("agents", "--json").output.contains("USD"))
    }

    @Test func `the ledger is named by option before or after the command, or by the environment`() async throws {
        let tool = try Tool()
        #expect(try await tool.run("init", "--ledger", "L").exitCode == 0)
        #expect(try await tool.run("--ledger", "L", "agents").exitCode == 0)
        #expect(try await tool.run("agents", "--ledger", "L").exitCode == 0)
        #expect(try await tool.shell(#"USAGE_LEDGER=L "$TOOL" agents"#).exitCode == 0)
        #expect(try await tool.run("agents").exitCode == 1)
    }

    @Test func `a directory with something else in it is not taken for a ledger`() async throws {
        let tool = try Tool()
        try tool.write("x", to: "file")
        let file = try await tool.run("report", "--ledger", "file")
        #expect(file.exitCode == 1 && file.errors.contains("'file"), "\(file.errors)")
        #expect(try await tool.shell("mkdir other && head -c 10000 /dev/zero > other/data.mdb").exitCode == 0)
        let other = try await tool.run("report", "--ledger", "other")
        #expect(other.exitCode == 1 && other.errors.contains("other"), "\(other.errors)")
    }

    @Test func `the service is started when it lies beside the program`() async throws {
        let tool = try Tool()
        try tool.write("#!/bin/sh\necho \"$0 $@\"\n", to: "usage-ledger-server")
        let result = try await tool.shell(
            #"chmod +x usage-ledger-server; cp "$TOOL" .; ./usage-ledger --ledger L serve --port 8080"#)
        #expect(result.exitCode == 0, "\(result.errors)")
        #expect(result.output.hasSuffix("usage-ledger-server --ledger L --port 8080\n"), "\(result.output)")
    }
}
