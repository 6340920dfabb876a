import ArgumentParser
import Foundation
import UsageLedger

struct VerifyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "verify", abstract: "Check the log entry by entry, and every view against it.",
        discussion: """
            Changes nothing. Exit code 1 when something is wrong; the first thing found is named. Works in a process of its \
            own, since a damaged file can bring LMDB down; then that is what is found.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Flag(name: .customLong("in-this-process"), help: .hidden)
    var isChild = false

    func run() async throws {
        if isChild { return try await runHere() }
        let signal: Int32
        switch try Self.runInChild() {
        case .ended(let code):
            if code != 0 { throw ExitCode(code) }
            return
        case .broughtDown(let number): signal = number
        }
        let verdict = LedgerVerdict(
            verification: nil,
            problem: LedgerError(
                .damaged,
                "'\(ledger.directory)': its data file is damaged so that reading it brought the reader down (signal \(signal)); "
                    + "restore a backup, or recover what can be read"))
        try ledger.print {
            $0.fields(of: verdict)
        } orText: {
            verdict.text
        }
        if let problem = verdict.problem { throw problem }
    }

    private enum ChildEnd {
        case ended(Int32)
        case broughtDown(signal: Int32)
    }

    /// Runs this same command in a child, which writes where this process does.
    private static func runInChild() throws -> ChildEnd {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        child.arguments = CommandLine.arguments.dropFirst() + ["--in-this-process"]
        child.standardInput = FileHandle.nullDevice
        do {
            try child.run()
        } catch {
            throw CommandFailure("verify cannot start the process that reads the ledger; try again")
        }
        child.waitUntilExit()
        return child.terminationReason == .exit
            ? .ended(child.terminationStatus) : .broughtDown(signal: child.terminationStatus)
    }

    private func runHere() async throws {
        let verification = try await verify()
        try ledger.print {
            $0.fields(of: verification)
        } orText: {
            verification.text
        }
        if let problem = verification.problem { throw problem }
    }

    /// Damage that keeps the ledger from being opened is a finding like any other.
    private func verify() async throws -> LedgerVerdict {
        let reader: Ledger
        do {
            reader = try await ledger.openForReading()
        } catch {
            guard error.code == .damaged else { throw error }
            return LedgerVerdict(verification: nil, problem: error)
        }
        let verification = try verify(reader)
        return LedgerVerdict(verification: verification, problem: verification.problem)
    }

    // A function of its own: within the one above, the closure crashes the compiler (Swift 6.3.1, ClosureLifetimeFixup).
    private func verify(_ reader: Ledger) throws(LedgerError) -> Verification {
        let progress = SharedProgressBar("verifying")
        defer { progress.finish() }
        return try reader.verify { progress.show($0, of: $1) }
    }
}

/// What verifying a ledger found; nothing but the problem where it could not even be opened.
private struct LedgerVerdict {
    var verification: Verification?
    var problem: LedgerError?

    var text: String {
        guard problem == nil, let verification else { return "The ledger does not verify.\n" }
        return """
            The ledger is whole.
            \(verification.entries.grouped) entries in \(verification.segments.grouped) segments, \
            \(verification.events.grouped) of them usage events; every view says what the log says.
            \(verification.lostText)Digest \(verification.digest)

            """
    }
}

extension Verification {
    fileprivate var lostText: String {
        guard lostEntries > 0 else { return "" }
        return """
            It was recovered from a damaged one and lacks \(lostEntries.grouped) of its entries: costs under rates among them \
            stand as they were recorded.

            """
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of verdict: LedgerVerdict) {
        field("ok", verdict.problem == nil)
        field("entries", verdict.verification?.entries ?? 0)
        field("segments", verdict.verification?.segments ?? 0)
        field("events", verdict.verification?.events ?? 0)
        field("lost", verdict.verification?.lostEntries ?? 0)
        field("views", verdict.verification?.viewsAreIdentical == true ? "identical" : "different")
        field("digest", verdict.verification?.digest ?? "")
        field("problem", verdict.problem?.message)
    }
}
