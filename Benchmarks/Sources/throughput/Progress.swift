import Foundation

/// Says on standard error what is being done: in one line of a terminal, in lines of their own elsewhere.
final class Progress {
    private let isTerminal = isatty(STDERR_FILENO) == 1
    private let started = ContinuousClock.now
    private var told = ContinuousClock.now
    private var step = ""

    private static let intervalSeconds = 10.0

    /// Tells of a step that begins.
    func callAsFunction(_ step: String) {
        self.step = step
        tell(step)
    }

    /// Tells how far the step is, now and then.
    func tell(_ done: some BinaryInteger, of all: some BinaryInteger) {
        guard (ContinuousClock.now - told).seconds > (isTerminal ? 0.2 : Self.intervalSeconds) else { return }
        tell("\(step): \(done) of \(all)")
    }

    /// Takes the line away.
    func finish() {
        if isTerminal { write("\r\u{1B}[K") }
    }

    private func tell(_ text: String) {
        told = ContinuousClock.now
        let seconds = Int((told - started).seconds)
        let time = "\(seconds / 60):" + (seconds % 60 < 10 ? "0" : "") + "\(seconds % 60)"
        write(isTerminal ? "\r\u{1B}[K[\(time)] \(text)" : "[\(time)] \(text)\n")
    }

    private func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
}
