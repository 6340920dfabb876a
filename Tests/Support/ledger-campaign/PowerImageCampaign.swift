import Foundation

/// Power cuts on a simulated disk: writes are recorded once, and many images of what a cut may leave are built from the records.
struct PowerImageCampaign {
    private static let workers = 2
    private let options: CampaignOptions
    private let imagesOfARun: Int

    init(_ options: CampaignOptions) {
        self.options = options
        imagesOfARun = min(250, max(20, options.rounds / 8))
    }

    /// What came of one recorded run.
    private struct Found {
        var images = 0
        var faults: [String: Int] = [:]
        var outcomes: [String: Int] = [:]
        var violations: [String] = []
    }

    func run(_ tally: inout CampaignTally) async throws {
        let scratch = try Scratch()
        guard let recorder = try WriteRecorder(in: scratch) else {
            tally.skipped = "there is no C compiler for the library that records writes"
            return
        }
        let runs = (options.rounds + imagesOfARun - 1) / imagesOfARun
        try await withThrowingTaskGroup(of: Found.self) { group in
            var next = 0
            for _ in 0..<min(Self.workers, runs) {
                let run = next
                group.addTask { try await images(ofRun: run, recorder) }
                next += 1
            }
            while let found = try await group.next() {
                tally.cases += found.images
                tally.faults.merge(found.faults, uniquingKeysWith: +)
                tally.outcomes.merge(found.outcomes, uniquingKeysWith: +)
                tally.violations += found.violations
                if next < runs {
                    let run = next
                    group.addTask { try await images(ofRun: run, recorder) }
                    next += 1
                }
            }
        }
        tally.outcomes["recorded runs"] = runs
    }

    private func images(ofRun run: Int, _ recorder: WriteRecorder) async throws -> Found {
        var random = SeededRandom(seed: options.seed &* 1_000_003 &+ UInt64(run))
        let scratch = try Scratch(in: Scratch.memory)
        var found = Found()
        let place = "seed \(options.seed), run \(run)"
        if let failure = try await record(run, scratch, recorder, &random) {
            found.violations.append("\(place): \(failure)")
            return found
        }
        let count = min(imagesOfARun, options.rounds - run * imagesOfARun)
        let seed = random.next() >> 24
        var first = 0
        while first < count {
            let child = try Child(
                ["images", scratch.path("records"), scratch.path, "\(seed)", "\(first)", "\(count)"],
                receipts: scratch.path("answer"), environment: ["TMPDIR": scratch.path])
            while child.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
            let signal = child.wait()
            for line in child.lines {
                let words = line.split(separator: " ", maxSplits: 1).map(String.init)
                switch words[0] {
                case "image":
                    found.images += 1
                    first += 1
                    found.faults[words[1], default: 0] += 1
                case "checked": found.outcomes[words[1], default: 0] += 1
                default: found.violations.append("\(place): \(words[1])")
                }
            }
            guard signal != 0 || child.process.terminationStatus != 0 || first < count else { break }
            found.violations.append(
                "\(place), image \(first) of \(count), image seed \(seed): the process ended with signal \(signal)")
            if child.lines.isEmpty { break }
        }
        return found
    }

    /// Has some processes in turn record into a new ledger.
    ///
    /// - Returns: what went wrong with it.
    private func record(
        _ run: Int, _ scratch: Scratch, _ recorder: WriteRecorder, _ random: inout SeededRandom
    ) async throws -> String? {
        let root = scratch.path("root")
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: false)
        let ledger = root + "/ledger"
        for session in 0..<Int.random(in: 1...2, using: &random) + run % 2 {
            // Every other ledger is left unfinished by the process that makes it, each at another call, and another goes on.
            let isShort = session == 0 && run % 2 == 1
            let death = isShort ? 2 + run / 2 % 24 : Int.random(in: 60...1200, using: &random)
            let seed = "\(random.next() >> 24)"
            let isEndless = Int.random(in: 0..<3, using: &random) > 0
            let isKilled = isEndless || isShort || Bool.random(using: &random)
            let arguments =
                isEndless
                ? [
                    "record", ledger, "\(session)", seed, ["1", "4", "16"].randomElement(using: &random) ?? "1",
                    ["1", "3", "20", "1000000"].randomElement(using: &random) ?? "1",
                ] : ["work", ledger, "\(session)", seed, "\(Int.random(in: 101...140, using: &random))"]
            let child = try recorder.start(
                arguments, receipts: scratch.path("receipts"), root: root, records: scratch.path("records"),
                death: isKilled ? death : 0)
            for _ in 0..<12_000 where child.process.isRunning { try await Task.sleep(for: .milliseconds(5)) }
            if child.process.isRunning { child.signal(SIGTERM) }
            let signal = child.wait()
            if signal != (isKilled ? SIGKILL : 0), !(signal == 0 && child.lines.last == "done") {
                return "\(arguments[0]) ended with signal \(signal): \(child.lines.last ?? "")"
            }
            var disk = SimulatedDisk(root: root)
            do {
                for operation in try RecordedOperation.read(from: scratch.path("records")) {
                    _ = try disk.take(operation)
                }
            } catch {
                return "the records make no sense: \(error)"
            }
            let differences = disk.differences()
            if !differences.isEmpty { return "the records miss \(differences)" }
        }
        return nil
    }
}
