import Foundation

/// Campaigns against a ledger, and the processes that they run: `ledger-campaign kill|syscalls|full|damage|bits|...`.
///
/// Options: `--seed N`, `--rounds N`, `--json`, and for `bits` `--first N`. Exit code 1 when something was violated. The article "Campaigns" says what
/// each does. The other words are children, for campaigns and tests to start, and mostly to kill:
///
/// - `record PATH ROUND SEED TASKS FLUSH [any|segments|rebuild|steady]`: records without end, and prints the id of each event once
///   it is acknowledged.
/// - `work PATH ROUND SEED COUNT [rebuild]`: the same one by one, so many; says `error CODE` for each that is refused.
/// - `look PATH`: opens, verifies and reports, and says what it found in one line.
/// - `flip PATH RESULTS SEED FIRST END`: flips one bit after the other, and writes down what came of each
///   (``BitFlipper``).
/// - `images RECORDS DIRECTORY SEED FIRST COUNT`: builds and checks crash images (``ImageChecker``).
/// - `read PATH`: reads without end, and compares what it is told with a replay of the log.
/// - `follow PATH`: for each line of standard input, the moment that it is, prints what a reader sees then
///   (``LedgerPicture``) and a line `end`.
@main
struct LedgerCampaign {
    static func main() async throws {
        signal(SIGPIPE, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        let numbers = arguments.dropFirst(2).compactMap { UInt64($0) }
        switch (arguments.first, arguments.count) {
        case ("record", 6...7) where numbers.count == 4:
            try await Recorder(
                path: arguments[1], round: Int(numbers[0]), seed: numbers[1],
                focus: arguments.count > 6 ? Recorder.Focus(rawValue: arguments[6]) ?? .any : .any
            ).run(tasks: Int(numbers[2]), flushEntries: Int(numbers[3]))
        case ("work", 5...6) where numbers.count == 3:
            await Worker(path: arguments[1], round: Int(numbers[0]), seed: numbers[1]).run(
                count: Int(numbers[2]), rebuilds: arguments.last == "rebuild")
        case ("look", 2): await Reader.look(arguments[1])
        case ("flip", 6) where numbers.count == 3:
            let bytes = try FileManager.default.attributesOfItem(atPath: arguments[1] + "/data.mdb")[.size] as? Int
            try await BitFlipper(
                ledger: arguments[1], results: arguments[2], order: BitOrder(bytes: bytes ?? 0, seed: numbers[0]),
                range: Int(numbers[1])..<Int(numbers[2])
            ).run()
        case ("images", 6) where numbers.count == 3:
            try await ImageChecker(records: arguments[1], directory: arguments[2], seed: numbers[0]).run(
                first: Int(numbers[1]), count: Int(numbers[2]))
        case ("read", 2): await Reader.read(arguments[1])
        case ("follow", 2): try await Reader.follow(arguments[1])
        default:
            guard let options = CampaignOptions(arguments) else {
                let names = CampaignOptions.Name.allCases.map(\.rawValue).joined(separator: "|")
                Output.write(["usage: ledger-campaign \(names) [--seed N] [--rounds N] [--first N] [--json]"])
                exit(2)
            }
            exit(try await run(options))
        }
    }

    private static func run(_ options: CampaignOptions) async throws -> Int32 {
        var tally = CampaignTally(options)
        switch options.name {
        case .kill: try await KillCampaign(options).run(&tally)
        case .syscalls: try await SyscallCampaign(options).run(&tally)
        case .full: try await FullCampaign(options).run(&tally)
        case .damage: try await DamageCampaign(options).run(&tally)
        case .bits: try await BitCampaign(options).run(&tally)
        case .readers: try await ReaderCampaign(options).run(&tally)
        case .model: await ModelCampaign(options).run(&tally)
        case .powerCut: try await PowerCutCampaign(options).run(&tally)
        case .powerImages: try await PowerImageCampaign(options).run(&tally)
        }
        Output.write(tally.lines)
        return tally.violations.isEmpty ? 0 : 1
    }
}
