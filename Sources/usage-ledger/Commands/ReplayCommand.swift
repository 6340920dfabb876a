import ArgumentParser
import UsageLedger

struct ReplayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay", abstract: "Fold the log again from its start, and compare or rebuild the views.",
        discussion: """
            Without options: folds the whole log aside and says whether the stored views are identical. With --until: what \
            the views were at that entry or moment. With --rebuild: writes new views and puts them in the old ones' place.
            """)

    @OptionGroup var ledger: LedgerOptions

    @Option(
        help: ArgumentHelp(
            "The last entry to fold: its number, or a moment of recording such as 2026-11-01T12:00:00Z.",
            valueName: "entry|time"),
        transform: Self.limit)
    var until: ReplayLimit?

    @Flag(help: "Put the views that the log leads to in the place of the stored ones.")
    var rebuild = false

    func validate() throws {
        if rebuild, until != nil { throw ValidationError("--rebuild folds the whole log; it does not go with --until") }
    }

    private static func limit(_ text: String) throws -> ReplayLimit {
        if let number = UInt64(text) { return .sequenceNumber(SequenceNumber(number)) }
        return .time(try Timestamp(parsing: text))
    }

    func run() async throws {
        let replay = try await rebuild ? rebuildViews() : foldAside()
        let currency = try await ledger.openForReading().currency
        try ledger.print {
            $0.fields(of: replay)
        } orText: {
            replay.text(currency, isRebuilt: rebuild)
        }
        // Views that a rebuild found different are right now: that is what it is for.
        if !rebuild, replay.isIdentical == false {
            throw CommandFailure(
                "the stored views are not what the log says; see what differs with verify, repair it with replay --rebuild"
            )
        }
    }

    private func foldAside() async throws -> Replay {
        let progress = SharedProgressBar("replaying")
        defer { progress.finish() }
        return try await ledger.openForReading().replay(until: until) { progress.show($0, of: $1) }
    }

    private func rebuildViews() async throws -> Replay {
        let progress = SharedProgressBar("rebuilding")
        defer { progress.finish() }
        return try await ledger.withWriter { ledger in
            try await ledger.rebuildViews { progress.show($0, of: $1) }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of replay: Replay) {
        field("entries", replay.entries)
        field("events", replay.events)
        field("seconds", raw: replay.secondsText)
        field("eventsPerSecond", replay.eventsPerSecond)
        field("digest", replay.digest)
        field("identical") { identical in
            if let isIdentical = replay.isIdentical { identical.value(isIdentical) } else { identical.null() }
        }
        field("sequence", replay.sequenceNumber.rawValue)
        field("agents") { writer in
            writer.array { writer in
                for agent in replay.agents { writer.object { $0.fields(of: agent) } }
            }
        }
        field("total") { writer in
            writer.object { $0.fields(of: replay.total) }
        }
    }
}

extension Replay {
    /// Seconds with three places.
    fileprivate var secondsText: String {
        let milliseconds = Int(seconds * 1000)
        return Money(picodollars: Int128(milliseconds) * 1_000_000_000).rounded(toPlaces: 3)
    }

    fileprivate var eventsPerSecond: Int { seconds > 0 ? Int(Double(events) / seconds) : 0 }

    fileprivate func text(_ currency: String, isRebuilt: Bool) -> String {
        var text = """
            \(entries.grouped) entries folded in \(secondsText) s, \(events.grouped) of them usage events \
            (\(eventsPerSecond.grouped) events/s).
            Digest \(digest)

            """
        switch (isIdentical, isRebuilt) {
        case (true?, false): text += "The stored views are identical.\n"
        case (false?, false): text += "The stored views differ.\n"
        case (true?, true): text += "The views were rebuilt; the former ones were identical.\n"
        case (false?, true): text += "The views were rebuilt; the former ones differed.\n"
        case (nil, true): text += "The views were rebuilt.\n"
        case (nil, false): text += "What the views were at entry \(sequenceNumber):\n"
        }
        guard !agents.isEmpty else { return text }
        return text + "\n" + agents.table(currency)
            + "\nAll agents: \(total.cost.inWords(currency)) for \(total.events.grouped) events.\n"
            + total.warningOfUnpriced
    }
}
