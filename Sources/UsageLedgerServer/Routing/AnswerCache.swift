import Synchronization

/// Reports that were made of the ledger as it is now, by URL: as long as nothing is recorded, the same question has the same
/// answer. Never stale: what was made of another state of the ledger is not given.
final class AnswerCache: Sendable {
    private struct State {
        var tag = ""
        var answers: [String: [UInt8]] = [:]
        var bytes = 0
    }

    private static let bytesAtMost = 16 << 20
    private static let bytesOfOneAtMost = 1 << 18

    private let state = Mutex(State())

    func answer(to url: String, tag: String) -> [UInt8]? {
        state.withLock { $0.tag == tag ? $0.answers[url] : nil }
    }

    func keep(_ answer: [UInt8], to url: String, tag: String) {
        guard answer.count <= Self.bytesOfOneAtMost else { return }
        state.withLock { state in
            if state.tag != tag || state.bytes > Self.bytesAtMost { state = State(tag: tag) }
            state.answers[url] = answer
            state.bytes += answer.count + url.utf8.count
        }
    }
}
