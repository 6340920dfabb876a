import Synchronization
import Testing

/// Lets only so many tests of this target run at a time: each of them holds open files and processes, and a few hundred at
/// once are more than a machine may have to give.
struct Bounded: SuiteTrait, TestTrait, TestScoping {
    private static let gate = Gate(places: 12)

    let isRecursive = true

    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        await Self.gate.enter()
        defer { Self.gate.leave() }
        try await function()
    }

    /// Admits so many at a time, the others in the order they came.
    private final class Gate: Sendable {
        private let state: Mutex<(free: Int, waiting: [CheckedContinuation<Void, Never>])>

        init(places: Int) {
            state = Mutex((places, []))
        }

        func enter() async {
            await withCheckedContinuation { continuation in
                let isAdmitted = state.withLock { state in
                    if state.free > 0 {
                        state.free -= 1
                        return true
                    }
                    state.waiting.append(continuation)
                    return false
                }
                if isAdmitted { continuation.resume() }
            }
        }

        func leave() {
            let next: CheckedContinuation<Void, Never>? = state.withLock { state in
                if state.waiting.isEmpty {
                    state.free += 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            next?.resume()
        }
    }
}

extension Trait where Self == Bounded {
    static var bounded: Bounded { Bounded() }
}
