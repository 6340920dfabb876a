import Foundation
import Synchronization
import UsageLedger

/// A bar on standard error that shows how far long work is. Shows nothing unless standard error is a terminal.
struct ProgressBar {
    private static let cells = 30
    /// Often enough to look alive, seldom enough to cost nothing.
    private static let interval = Duration.milliseconds(100)

    private let label: String
    private let isShown: Bool
    private let clock = ContinuousClock()
    private var last: ContinuousClock.Instant
    private var hasDrawn = false

    init(_ label: String) {
        self.label = TerminalText.safe(label)
        isShown = isatty(STDERR_FILENO) == 1
        last = clock.now
    }

    /// Shows that `done` of `total` is done; of an unknown total, `note` alone.
    mutating func show(_ done: Int, of total: Int?, note: String = "") {
        guard isShown, clock.now - last >= Self.interval else { return }
        last = clock.now
        hasDrawn = true
        var line = "\r\u{1B}[K\(label)"
        if let total, total > 0 {
            let part = min(1, Double(done) / Double(total))
            let full = Int(part * Double(Self.cells))
            line += " [\(String(repeating: "█", count: full))\(String(repeating: "·", count: Self.cells - full))]"
            line += " \(Int(part * 100))%"
        }
        if !note.isEmpty { line += "  \(note)" }
        draw(line)
    }

    /// Takes the bar away, so that what follows stands on a clean line.
    mutating func finish() {
        guard hasDrawn else { return }
        hasDrawn = false
        draw("\r\u{1B}[K")
    }

    private func draw(_ text: String) {
        try? FileDescriptorWriter(descriptor: STDERR_FILENO, name: "standard error").write(Array(text.utf8))
    }
}

/// A progress bar for work that reports from a thread of its own.
final class SharedProgressBar: Sendable {
    private let bar: Mutex<ProgressBar>

    init(_ label: String) {
        bar = Mutex(ProgressBar(label))
    }

    func show(_ done: SequenceNumber, of last: SequenceNumber) {
        bar.withLock {
            $0.show(Int(done.rawValue), of: Int(last.rawValue), note: "entry \(done.rawValue.grouped)")
        }
    }

    func finish() { bar.withLock { $0.finish() } }
}
