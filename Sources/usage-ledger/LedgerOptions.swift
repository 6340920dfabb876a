import ArgumentParser
import Foundation
import UsageLedger

/// Which ledger a command is about, and how it answers.
struct LedgerOptions: ParsableArguments {
    @Option(
        name: .customLong("ledger"),
        help: ArgumentHelp("The ledger's directory; the variable USAGE_LEDGER is its default.", valueName: "dir"),
        completion: .directory)
    var directory: String = Self.defaultDirectory

    @Flag(help: "Answer in JSON, amounts and quantities as exact decimal strings.")
    var json = false

    private static var defaultDirectory: String {
        let directory = ProcessInfo.processInfo.environment["USAGE_LEDGER"] ?? ""
        return directory.isEmpty ? "usage.ledger" : directory
    }

    /// Opens the ledger for reading: works beside a process that writes to it.
    func openForReading() async throws(LedgerError) -> Ledger {
        try await Ledger.open(at: directory, options: Ledger.Options(access: .readOnly))
    }

    /// Opens the ledger for writing; it must be there.
    func openForWriting() async throws(LedgerError) -> Ledger {
        do {
            return try await Ledger.open(at: directory, options: Ledger.Options(createsIfMissing: false))
        } catch {
            guard error.code == .locked, error.message.contains("usage-ledger-server") else { throw error }
            throw LedgerError(
                .locked, error.message + ". record, import and budget can go through the service: --server URL")
        }
    }

    /// Opens the ledger for writing, lets `body` write, and closes it whatever happens.
    func withWriter<Value>(_ body: (Ledger) async throws -> Value) async throws -> Value {
        let ledger = try await openForWriting()
        let value: Value
        do {
            value = try await body(ledger)
        } catch {
            try? await ledger.close()  // the first failure is the one to tell
            throw error
        }
        try await ledger.close()
        return value
    }

    /// Prints an object as one line of JSON, or a text.
    func print(json object: (inout JSONWriter) -> Void, orText text: () -> String) throws {
        var output = StandardOutput()
        if json {
            var writer = JSONWriter()
            writer.object { object(&$0) }
            try output.write(writer.bytes)
            try output.write("\n")
        } else {
            try output.write(text())
        }
        try output.flush()
    }
}
