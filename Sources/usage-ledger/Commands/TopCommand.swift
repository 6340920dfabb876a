import ArgumentParser
import UsageLedger

struct TopCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "top", abstract: "Watch agents, spend, budgets and alerts, redrawn in place; q quits.",
        discussion:
            "Works beside a process that writes to the ledger. When output is no terminal, it prints one picture.")

    /// What a picture without a terminal is cut to.
    private static let pageRows = 60
    private static let pageColumns = 200

    @OptionGroup var ledger: LedgerOptions

    @Option(help: ArgumentHelp("How often to look, in milliseconds: 100 to 60,000.", valueName: "number"))
    var interval: Int32 = 1000

    func validate() throws {
        guard (100...60_000).contains(interval) else {
            throw ValidationError("--interval: \(interval) is not between 100 and 60000")
        }
        guard !ledger.json else { throw ValidationError("top draws for people; use report --json") }
    }

    func run() async throws {
        let reader = try await ledger.openForReading()
        guard let screen = TerminalScreen() else {
            let lines = try TopScreen(ledger: reader, columns: Self.pageColumns, rows: Self.pageRows).lines().dropLast()
            var output = StandardOutput()
            try output.write(lines.joined(separator: "\n") + "\n")
            return try output.flush()
        }
        repeat {
            let (columns, rows) = TerminalScreen.size
            screen.draw(try TopScreen(ledger: reader, columns: columns, rows: rows).lines())
        } while !screen.isQuit(withinMilliseconds: interval)
    }
}
