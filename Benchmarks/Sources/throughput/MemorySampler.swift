import Foundation
import Synchronization

/// Watches how much memory this process holds of its own, many times a second, between two moments.
///
/// Pages of mapped files, which the ledger's data are, belong to the page cache and do not count.
final class MemorySampler: Sendable {
    private struct State {
        var peakMegabytes = 0
        var isWatching = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private static let intervalSeconds = 0.02

    init() {
        Thread.detachNewThread { [self] in
            while true {
                let (isWatching, isEnded) = state.withLock { ($0.isWatching, $0.isEnded) }
                if isEnded { return }
                if isWatching { note() }
                Thread.sleep(forTimeInterval: Self.intervalSeconds)
            }
        }
    }

    var peakMegabytes: Int { state.withLock { $0.peakMegabytes } }

    func watch() { state.withLock { $0.isWatching = true } }

    func pause() {
        note()
        state.withLock { $0.isWatching = false }
    }

    func end() { state.withLock { $0.isEnded = true } }

    private func note() {
        let megabytes = Machine.anonymousMegabytes
        state.withLock { $0.peakMegabytes = max($0.peakMegabytes, megabytes) }
    }
}
