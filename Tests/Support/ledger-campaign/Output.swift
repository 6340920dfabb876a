import Foundation

/// Standard output without a buffer: what was printed is out, whenever the process is killed.
enum Output {
    static func write(_ lines: [String]) {
        let bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Foundation.write(1, $0.baseAddress, $0.count) }
            guard count > 0 else { exit(1) }
            written += count
        }
    }
}
