import UsageLedger

/// Records one event after the other, so many, whatever becomes of each; stops where a ledger accepts nothing any more.
struct Worker {
    let path: String
    let round: Int
    let seed: UInt64

    func run(count: Int, rebuilds: Bool = false) async {
        Output.write(["opening"])
        let ledger: Ledger
        do {
            ledger = try await Ledger.open(
                at: path,
                options: Ledger.Options(flushEntries: 25, flushIdleSeconds: 1_000_000, mapSizeBytes: 1 << 32))
        } catch {
            Output.write(["error \(error.code)"])
            return
        }
        Output.write(["ready"])
        var refusals = 0
        for number in 0..<count {
            let id = CrashEvents.id(round: round, task: Int(seed % 1000), number: number)
            do {
                if number % 9 == 4 {
                    let ids = (0..<3).map {
                        CrashEvents.id(round: round, task: Int(seed % 1000), number: number, suffix: "-b\($0)")
                    }
                    try await ledger.record(ids.map(CrashEvents.event))
                    Output.write(ids.map(\.rawValue))
                } else {
                    try await ledger.record(CrashEvents.event(id))
                    Output.write([id.rawValue])
                }
            } catch {
                Output.write(["error \(error.code)"])
                refusals += 1
                if refusals > 5 { break }
            }
        }
        if rebuilds || count > 100 {
            // Rebuilding switches generations: its writes and syncs take their turn as well.
            do { _ = try await ledger.rebuildViews() } catch { Output.write(["error \(error.code)"]) }
            let id = CrashEvents.id(round: round, task: Int(seed % 1000), number: .max)
            do {
                try await ledger.record(CrashEvents.event(id))
                Output.write([id.rawValue])
            } catch {
                Output.write(["error \(error.code)"])
            }
        }
        do { try await ledger.close() } catch { Output.write(["error \(error.code)"]) }
        Output.write(["done"])
    }
}
