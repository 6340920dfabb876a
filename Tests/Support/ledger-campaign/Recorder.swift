import UsageLedger

/// Records events from several tasks at once, until the process is killed.
struct Recorder {
    let path: String
    let round: Int
    let seed: UInt64
    let focus: Focus

    /// What is done more often.
    enum Focus: String {
        case any, segments, rebuild
        /// Nothing; there is a rest behind each operation, so that in an hour a ledger grows by some 100,000 entries.
        case steady
    }

    func run(tasks: Int, flushEntries: Int) async throws {
        Output.write(["opening"])
        let ledger = try await Ledger.open(
            at: path,
            options: Ledger.Options(
                onHandOverFailure: { _, error in fatalError("handing over failed: \(error)") },
                flushEntries: flushEntries, flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 32))
        try await ledger.set(Budget(agent: nil, period: .monthly, amount: "0.5"))
        Output.write(["ready"])
        try await withThrowingTaskGroup(of: Void.self) { group in
            for task in 0..<tasks {
                group.addTask { try await record(into: ledger, task: task) }
            }
            try await group.waitForAll()
        }
    }

    private func record(into ledger: Ledger, task: Int) async throws {
        var choice = seed &* 6_364_136_223_846_793_005 &+ UInt64(task)
        var number = 0
        while true {
            number += 1
            if focus == .steady { try await Task.sleep(for: .milliseconds(150)) }
            choice = choice &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            switch choice >> 60 {
            case 0..<3:
                let ids = (0..<3).map {
                    CrashEvents.id(round: round, task: task, number: number, suffix: "-b\($0)")
                }
                try await ledger.record(ids.map(CrashEvents.event))
                Output.write(ids.map(\.rawValue))
            case 3..<5:
                ledger.submit(
                    CrashEvents.event(CrashEvents.id(round: round, task: task, number: number, suffix: "-s")))
            case 5 where number > 2:
                // A repeat: acknowledged again, counted once.
                let id = CrashEvents.id(round: round, task: task, number: 1)
                try await ledger.record(CrashEvents.event(id))
                Output.write([id.rawValue])
            case 7 where number % (focus == .rebuild ? 2 : 64) == 0:
                _ = try await ledger.rebuildViews()
            case 8 where focus == .segments && number % 4 == 0:
                // Too much for one segment.
                let ids = CrashEvents.wideBatch(round: round, task: task, number: number)
                try await ledger.record(ids.map(CrashEvents.event))
                Output.write(ids.map(\.rawValue))
            case 6 where number > 2:
                let id = CrashEvents.id(round: round, task: task, number: number)
                try await ledger.record(CrashEvents.event(id))
                _ = try await ledger.void(id, reason: "crash test")
                Output.write([id.rawValue, "void \(id)"])
            default:
                let id = CrashEvents.id(round: round, task: task, number: number)
                try await ledger.record(CrashEvents.event(id))
                Output.write([id.rawValue])
            }
        }
    }
}
