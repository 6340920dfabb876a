import Foundation
import UsageLedger

/// The demo, step by step: each prints a heading and what there is to see.
struct DemoStory {
    /// The last evening of the month that the fixtures tell of, so that budgets stand in its periods.
    private static let now: Timestamp = {
        guard let time = try? Timestamp(parsing: "2025-10-31T22:00:00Z") else { preconditionFailure("a valid time") }
        return time
    }()

    private static let volumeAgents: Set<String> = ["agency-low", "agency-medium", "agency-high"]

    let ledger: Ledger
    private let fixtures: DemoFixtures
    private let clock = ContinuousClock()

    init(fixtures: DemoFixtures, directory: String) async throws {
        self.fixtures = fixtures
        ledger = try await Ledger.open(at: directory, options: Ledger.Options(clock: { Self.now }))
    }

    /// Sets zones and budgets, imports the files, applies the corrections.
    func record() async throws {
        try say("A month of six agents, from \(fixtures.directory)\n")
        try await declare()
        try await importFiles()
        try await correct()
    }

    /// Shows what there is to see, rebuilds it from the log, and compares it with what is expected.
    func prove() async throws {
        try reportAgents()
        try reportOneDay()
        try reportSummary()
        try reportBudgets()
        try reportUnpriced()
        try await rebuild()
        try check()
    }

    private func say(_ text: String) throws {
        var output = StandardOutput()
        try output.write(text)
        try output.flush()
    }

    private func head(_ heading: String) throws { try say("\n== \(heading)\n\n") }

    // MARK: Recording

    private func declare() async throws {
        for (agent, zone) in try fixtures.zones().sorted(by: { $0.key < $1.key }) {
            try await ledger.setTimeZone(zone, agent: AgentID(agent))
        }
        for budget in try fixtures.budgets() { try await ledger.set(budget) }
    }

    private func importFiles() async throws {
        try head("Import: each event counts once, however often it comes")
        var table = Table(
            .text("File"), .number("Rows"), .number("Recorded"), .number("Duplicates"),
            .number("Cost \(ledger.currency)"), .number("Exactly", isOptional: true))
        var total = ImportTally()
        let importStart = clock.now
        for file in DemoFixtures.eventFiles {
            var tally = ImportTally()
            let format: EventFormat = file.hasSuffix(".csv") ? .csv : .ndjson
            let fileImport = FileImport(
                file: fixtures.path(of: file), format: format, mapping: CSVMapping(),
                recorder: BatchRecorder(target: .ledger(ledger), onError: .stop))
            if let rejection = try await fileImport.run(into: &tally) {
                throw CommandFailure(rejection.inWords(file: fixtures.path(of: file)))
            }
            table.add(row: file, tally)
            total += tally
        }
        table.addRule()
        table.add(row: "Total", total)
        try say(table.text + "\nRecorded in \((clock.now - importStart).inWords), each batch synced to disk.\n")
    }

    private func correct() async throws {
        try head("Corrections: nothing is erased, an entry takes the effect of another away")
        for correction in try fixtures.corrections() {
            let adjustment = try await ledger.void(EventID(correction.void), reason: correction.reason)
            try say(
                "Entry \(adjustment.sequenceNumber.rawValue.grouped) voids entry \(adjustment.target.rawValue.grouped): "
                    + "\(adjustment.cost.inWords(ledger.currency)) taken away (\(correction.reason)).\n")
        }
    }

    // MARK: Reports

    private func reportAgents() throws {
        try head("Report: all agents")
        try say(try ledger.report(UsageQuery(groupedBy: .agent)).text)
    }

    private func reportOneDay() throws {
        let day = try Day(parsing: "2025-10-15")
        try head("One day of low, medium and high volume, \(day)")
        let report = try ledger.report(UsageQuery(days: day...day, groupedBy: .agent))
        var table = UsageTable("Agent", currency: report.currency)
        for group in report.groups.sorted(by: { $0.sum.cost < $1.sum.cost }) where Self.volumeAgents.contains(group.key)
        {
            table.add(group.key, group.sum)
        }
        try say(table.text)
    }

    private func reportSummary() throws {
        try head("Summary: where an agent's money went")
        try say(try ledger.summary(agent: "agency-mumbai").text)
    }

    private func reportBudgets() throws {
        try head("Budgets, on the evening of \(Self.now.utcDay)")
        try say(try ledger.budgets().table(ledger.currency))
        let alerts = try ledger.recordedAlerts()
        try head("Alerts: each threshold fired once, at the event that crossed it")
        try say(alerts.filter { $0.period != .daily }.table(ledger.currency))
        let daily = alerts.count { $0.period == .daily }
        try say("\nand \(daily) of agency-berlin's daily budget.\n")
    }

    private func reportUnpriced() throws {
        try head("Unpriced is not zero: what waits for a price")
        try say(try ledger.unpriced().table)
    }

    // MARK: Proof

    private func rebuild() async throws {
        try head("Replay: the views are thrown away and rebuilt from the log")
        let before = try ledger.replay()
        let rebuilt = try await ledger.rebuildViews()
        let verification = try ledger.verify()
        try say(
            """
            Views as recorded  \(before.digest)
            Views rebuilt      \(rebuilt.digest)
            Views verified     \(verification.digest)

            """)
        if let problem = verification.problem { throw problem }
        guard before.isIdentical == true, rebuilt.isIdentical == true, before.digest == rebuilt.digest,
            verification.digest == rebuilt.digest
        else { throw CommandFailure("the rebuilt views are not those that were recorded") }
        try say(
            "Identical: \(rebuilt.entries.grouped) entries, \(rebuilt.events.grouped) of them usage events, folded again in "
                + "\(Duration.seconds(rebuilt.seconds).inWords).\n")
    }

    private func check() throws {
        let check = try DemoCheck(ledger, against: try fixtures.expected())
        try head("Check against expected.json")
        guard check.differences.isEmpty else {
            for difference in check.differences.prefix(20) { StandardError.write("differs: \(difference)") }
            throw CommandFailure("\(check.differences.count) of \(check.comparisons) figures are not the expected ones")
        }
        let total = try ledger.report(UsageQuery()).total
        try say(
            "All \(check.comparisons.grouped) figures are exactly the expected ones; the month comes to "
                + "\(total.cost.inWords(ledger.currency)).\n")
    }
}

extension Table {
    fileprivate mutating func add(row file: String, _ tally: ImportTally) {
        add(
            file, tally.read.grouped, tally.recorded.grouped, tally.duplicates.grouped, tally.cost.inCents,
            tally.cost.exactUnlessCents)
    }
}
