import ArgumentParser
import UsageLedger

/// How a command that threw ends: what is said on which stream, and the exit code.
struct CommandEnding {
    private var message: String?
    private var isError = true
    let exitCode: Int32

    init(_ error: any Error) {
        switch error {
        case let code as ExitCode:
            exitCode = code.rawValue
        case is StandardOutput.Closed:
            exitCode = 0
        case let failure as CommandFailure:
            message = failure.message
            exitCode = 1
        case let error as LedgerError:
            message = error.message
            exitCode = Self.isAboutTheCall(error) ? 2 : 1
        default:
            if UsageLedgerCommand.exitCode(for: error) == .success {
                message = UsageLedgerCommand.fullMessage(for: error)
                isError = false
                exitCode = 0
            } else {
                message = Self.usageMessage(of: error)
                exitCode = 2
            }
        }
    }

    /// Says it, and gives the exit code.
    func tell() -> Int32 {
        guard let message else { return exitCode }
        if isError {
            StandardError.write("error: \(message.onOneLine)")
        } else {
            var output = StandardOutput()
            do {
                try output.write(message + "\n")
                try output.flush()
            } catch {
                return CommandEnding(error).tell()
            }
        }
        return exitCode
    }

    /// Whether the error is one of the call, not of what it was about.
    private static func isAboutTheCall(_ error: LedgerError) -> Bool {
        // The header of a file that is to be imported is the file's.
        error.code == .unknownTimeZone || (error.code == .invalidArgument && error.field != "header")
    }

    /// The parser's message on one line, with the call that shows the help.
    private static func usageMessage(of error: any Error) -> String {
        let message = UsageLedgerCommand.message(for: error)
        let help = UsageLedgerCommand.fullMessage(for: error).split(separator: "\n").last { $0.contains("--help'") }
        guard let help, let start = help.firstIndex(of: "'"), let end = help.lastIndex(of: "'"), start < end else {
            return message
        }
        return "\(message); see \(help[start...end])"
    }
}

/// A failure of a command's own, told on one line; ends with exit code 1.
struct CommandFailure: Error {
    var message: String

    init(_ message: String) {
        self.message = message
    }
}

extension String {
    /// The text with line breaks and other runs of white space as one space.
    fileprivate var onOneLine: String {
        split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}
