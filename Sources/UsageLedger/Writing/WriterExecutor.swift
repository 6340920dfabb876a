import Dispatch

/// Runs the writer's work on a queue of its own, so that waiting for the disk holds up nobody else.
///
/// LMDB wants a write transaction begun and committed on one thread: each is one synchronous call, and so is.
final class WriterExecutor: SerialExecutor {
    let queue = DispatchQueue(label: "usage-ledger.writer", qos: .userInitiated)

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        let executor = asUnownedSerialExecutor()
        queue.async { job.runSynchronously(on: executor) }
    }

    func checkIsolated() {
        dispatchPrecondition(condition: .onQueue(queue))
    }
}
