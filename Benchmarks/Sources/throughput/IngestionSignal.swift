import Synchronization

/// Tells those who record beside an ingestion how it stands.
final class IngestionSignal: Sendable {
    private let recording = Atomic(false)
    private let done = Atomic(false)

    /// Whether batches are being recorded just now, and not made.
    var isRecording: Bool {
        get { recording.load(ordering: .relaxed) }
        set { recording.store(newValue, ordering: .relaxed) }
    }

    var isDone: Bool { done.load(ordering: .relaxed) }

    func end() { done.store(true, ordering: .relaxed) }
}
