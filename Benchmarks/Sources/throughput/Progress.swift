import Foundation

/// Says on standard error what is being done: in one line of a terminal, in lines of their own elsewhere.
struct Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let started = ContinuousClock.now

    func callAsFunction(_ step: String) {
        let seconds = Int((ContinuousClock.now - started).seconds)
        let time = "\(seconds / 60):" + (seconds % 60 < 10 ? "0" : "") + "\(seconds % 60)"
        write(isTerminal ? "\r\u{1B}[K[\(time)] \(step)" : "[\(time)] \(step)\n")
    }

    /// Takes the line away.
    func finish() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
