import Foundation

/// The terminal as a screen: its own picture is put aside, keys come one by one, and both are as before in the end.
struct TerminalScreen: ~Copyable {
    private let former: termios

    /// Nil where standard input and output are no terminal.
    init?() {
        var current = termios()
        guard isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1, tcgetattr(STDIN_FILENO, &current) == 0 else {
            return nil
        }
        var raw = current
        // Keys without waiting for a line, and without showing them; Ctrl-C comes as a key, too.
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO | ISIG)
        guard tcsetattr(STDIN_FILENO, TCSAFLUSH, &raw) == 0 else { return nil }
        former = current
        Self.write("\u{1B}[?1049h\u{1B}[?25l")
    }

    deinit {
        var former = former
        Self.write("\u{1B}[?25h\u{1B}[?1049l")
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &former)
    }

    /// Columns and rows.
    static var size: (columns: Int, rows: Int) {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(size.ws_col), Int(size.ws_row))
    }

    /// Draws over what is there: nothing flickers.
    func draw(_ lines: [String]) {
        Self.write("\u{1B}[H" + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J")
    }

    /// Waits for a key that quits, for at most so long: q, Ctrl-C, or the end of input.
    func isQuit(withinMilliseconds milliseconds: Int32) -> Bool {
        var request = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard poll(&request, 1, milliseconds) > 0 else { return false }
        var key: UInt8 = 0
        guard read(STDIN_FILENO, &key, 1) == 1 else { return true }
        return key == UInt8(ascii: "q") || key == 3
    }

    private static func write(_ text: String) {
        try? FileDescriptorWriter(descriptor: STDOUT_FILENO, name: "standard output").write(Array(text.utf8))
    }
}
