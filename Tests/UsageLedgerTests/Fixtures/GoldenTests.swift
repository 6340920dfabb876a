import Foundation
import LMDB
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// Segments and ledgers of each format version, written once and read for ever: `Fixtures/golden`.
@Suite(.bounded) struct GoldenTests {
    private static let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/golden")

    private static let moment = at("2026-11-20T12:00:00.123456Z")

    private static func folder(_ version: Int) -> URL { golden.appending(path: "v\(version)") }

    private static func text(_ name: String, of version: Int) throws -> String {
        try String(contentsOf: folder(version).appending(path: name), encoding: .utf8)
    }

    private static let segments: [(version: Int, kind: EntryCodec.Kind)] =
        RandomEntries.firstKinds.map { (1, $0) } + RandomEntries.secondKinds.map { (2, $0) }
        + RandomEntries.thirdKinds.map { (3, $0) }

    /// The entries of a kind that its segment holds.
    private static func entries(_ kind: EntryCodec.Kind) -> [Entry] {
        var random = RandomEntries(seed: 1000 + UInt64(kind.rawValue))
        return (0..<3).map { index in
            var entry = random.entry(kind)
            // Generated ids are new at every run.
            if case .usage(var record) = entry {
                record.id = StoredEventID(EventID("golden-\(index)"))
                entry = .usage(record)
            }
            if case .replacement(var record) = entry {
                record.usage.id = StoredEventID("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6")
                entry = .replacement(record)
            }
            return entry
        }
    }

    private static func described(_ segment: [UInt8]) throws -> String {
        let header = try Segment.checkedHeader(of: segment.span.bytes, key: SequenceNumber(1))
        var lines = [
            "first \(header.firstSequenceNumber), recorded at \(header.recordedAt), \(header.entryCount) entries"
        ]
        try Segment.forEachEntry(in: segment.span.bytes, header: header) { number, range in
            let entry = try EventLog.decode(segment.span.bytes.extracting(range), at: number)
            lines.append("\(number): \(described(entry))".replacing("UsageLedger.", with: ""))
            return true
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Rates in the format of rate cards: sets and dictionaries have no order of their own.
    private static func described(_ entry: Entry) -> String {
        guard case .rate(let record) = entry else { return "\(entry)" }
        var card = RateCard()
        let rate = record.rate(of: CategoryName("category \(record.category.rawValue)"))
        card.add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: rate.effectiveFrom))
        let lines = String(decoding: card.json(currency: "USD"), as: UTF8.self).split(separator: "\n")
        return lines.first { $0.hasPrefix("  {") }.map(String.init) ?? ""
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        stride(from: 0, to: bytes.count, by: 32).map { start in
            bytes[start..<min(start + 32, bytes.count)].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }.joined(separator: "\n") + "\n"
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.filter { !$0.isWhitespace }.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    @Test(arguments: segments) func `a segment of each version says what it said`(
        _ version: Int, _ kind: EntryCodec.Kind
    ) throws {
        let segment = Self.bytes(try Self.text("\(kind).hex", of: version))
        #expect(try Self.described(segment) == Self.text("\(kind).txt", of: version))
        var buffer = EntryBuffer()
        let header = try SegmentHeader(segment.span.bytes, key: SequenceNumber(1))
        #expect(header.formatVersion == UInt16(version))
        try Segment.forEachEntry(in: segment.span.bytes, header: header) { number, range in
            buffer.append(try EventLog.decode(segment.span.bytes.extracting(range), at: number))
            return true
        }
        let packed = buffer.packed(
            from: SequenceNumber(1), recordedAt: header.recordedAt, previousChecksum: header.previousChecksum)
        #expect(packed.map(\.bytes) == [segment], "written again it is the same, byte for byte")
    }

    @Test(arguments: [1, 2, 3]) func `a ledger of each version opens, verifies and reports what it did`(
        _ version: Int
    ) async throws {
        let directory = UnitDirectory()
        let path = directory.path("ledger")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: Self.folder(version).appending(path: "ledger/data.mdb").path, toPath: path + "/data.mdb")
        if version == 1 {
            var reading = Self.options
            reading.access = .readOnly
            let refused = await refusal { [reading] in _ = try await Ledger.open(at: path, options: reading) }
            #expect(refused?.message.contains("replay --rebuild") == true, "its views are of another version")
        }
        let ledger = try await Ledger.open(at: path, options: Self.options)
        #expect(try Self.described(ledger) == Self.text("ledger/report.txt", of: version))
        #expect(try ledger.verify().isOK)
        #expect(try await ledger.rebuildViews().isIdentical == true)
        let known = version == 1 ? search("e1") : search("e3", count: 3)
        #expect(try await ledger.record(known).disposition == .duplicate)
        try await ledger.close()
    }

    private static var options: Ledger.Options { .test(clock: SettableClock(moment)) }

    private static func described(_ ledger: Ledger) throws -> String {
        let verification = try ledger.verify()
        var lines = [
            "entries \(verification.entries), segments \(verification.segments), events \(verification.events)"
        ]
        for grouping in UsageGrouping.allCases {
            let report = try ledger.report(UsageQuery(groupedBy: grouping))
            for group in report.groups {
                let sum = group.sum
                lines.append(
                    "\(grouping) '\(group.key)': \(sum.cost) \(sum.quantity) \(sum.events) \(sum.unpricedQuantity)")
            }
        }
        for alert in try ledger.recordedAlerts() {
            lines.append("alert \(alert.id) \(alert.threshold) \(alert.spent) of \(alert.amount) \(alert.status)")
        }
        for budget in try ledger.budgets() {
            lines.append("budget \(budget.budget.period) \(budget.spent) \(budget.level)")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    // MARK: Making them

    private static let isMaking = ProcessInfo.processInfo.environment["USAGE_LEDGER_MAKE_GOLDEN"] != nil

    /// Run once when a format version is new, or its description is: `USAGE_LEDGER_MAKE_GOLDEN=1 swift test --filter
    /// makes.the.golden`. What is there as bytes is described anew and never written again.
    @Test(.enabled(if: isMaking, "the files are there already")) func `makes the golden files`() async throws {
        let files = FileManager.default
        for (version, kind) in Self.segments {
            let folder = Self.folder(version)
            try files.createDirectory(at: folder, withIntermediateDirectories: true)
            let bytes = folder.appending(path: "\(kind).hex")
            if !files.fileExists(atPath: bytes.path) {
                var buffer = EntryBuffer()
                for entry in Self.entries(kind) { buffer.append(entry) }
                let packed = buffer.packed(from: SequenceNumber(1), recordedAt: Self.moment, previousChecksum: 0)
                try Data(Self.hexadecimal(try #require(packed.first).bytes).utf8).write(to: bytes)
            }
            let segment = Self.bytes(try Self.text("\(kind).hex", of: version))
            try Data(Self.described(segment).utf8).write(to: folder.appending(path: "\(kind).txt"))
        }
        let target = Self.folder(2).appending(path: "ledger")
        if !files.fileExists(atPath: target.path) { try await makeLedger(at: target) }
        let recovered = Self.folder(3).appending(path: "ledger")
        if !files.fileExists(atPath: recovered.path) { try await makeRecovered(from: target, at: recovered) }
    }

    /// A ledger with what version 3 brought: one that was recovered, and lacks the quota that charges name.
    private func makeRecovered(from whole: URL, at target: URL) async throws {
        let directory = UnitDirectory()
        let path = directory.path("ledger")
        try FileManager.default.copyItem(atPath: whole.path, toPath: path)
        let quota = try Damage.segments(of: path).first { found in
            let file = try Data(contentsOf: URL(fileURLWithPath: path + "/data.mdb"))
            let bytes = [UInt8](file[found.offset..<found.offset + found.byteCount])
            var declaresQuota = false
            try Segment.forEachEntry(in: bytes.span.bytes, header: found.header) { number, range in
                let entry = try EventLog.decode(bytes.span.bytes.extracting(range), at: number)
                if case .rate(let record) = entry, record.price == Self.newRates[0].price { declaresQuota = true }
                return true
            }
            return declaresQuota
        }
        try Damage.lose([#require(quota)], of: path)
        #expect(try Ledger.recover(from: path, to: target.path).problem == nil)
        var options = Self.options
        options.access = .readOnly
        let ledger = try await Ledger.open(at: target.path, options: options)
        try Data(Self.described(ledger).utf8).write(to: target.appending(path: "report.txt"))
        try await ledger.close()
        for name in ["lock.mdb", "log.tail", "writer.lock"] {
            try? FileManager.default.removeItem(at: target.appending(path: name))
        }
    }

    /// A ledger with what version 2 brought: a quota, stacked components, conditions, a re-rating.
    private func makeLedger(at target: URL) async throws {
        let directory = UnitDirectory()
        let ledger = try await Ledger.open(at: directory.path("ledger"), options: Self.options)
        try await ledger.set(Budget(agent: "a", period: .monthly, amount: "0.03"))
        try await ledger.declare(ProviderRule(name: "openai", aliases: [.containing("azure")], models: [.prefix("o")]))
        for rate in Self.newRates { try await ledger.set(rate) }
        let flex = ["service_tier": "flex"]
        try await ledger.record([
            search("e1", count: 70), search("e2", "b", count: 50), search("e3", count: 3),
            UsageEvent(
                id: "e4", agent: "a", operation: "notify", time: at("2026-11-19T10:00:00Z"),
                lines: [UsageLine(category: "gupshup_template_message", quantity: 2)]),
            UsageEvent(
                id: "e5", agent: "b", operation: "analysis", time: at("2026-11-19T10:00:00Z"), provider: "azure-eu",
                model: "gpt-4.1", usage: [ReportedUsage(.inputTokens, 300_000), ReportedUsage(.outputTokens, 10)],
                context: flex),
            .request(
                id: "e6", agent: "b", operation: "scrape", service: "scraperapi_request", quantity: 7,
                time: at("2026-11-20T10:00:00Z")),
        ])
        try await ledger.set(Rate(category: "scraperapi_request", amount: "0.00049", source: "price list"))
        try await ledger.applyRates(to: .unpriced, reason: "a price was found")
        _ = try await ledger.void("e1", reason: "by mistake")
        _ = try await ledger.replace("e4", with: search("e7", "b", count: 9), reason: "of another agent")
        try await ledger.exclusively { try $0.flush() }
        try ledger.backup(to: target.path)
        try Data(Self.described(ledger).utf8).write(to: target.appending(path: "report.txt"))
        try await ledger.close()
    }

    private static let newRates: [Rate] = [
        Rate(
            category: "google_search_api",
            price: .tiered(.free(100, TieredPrice.Metering(per: .day), then: UnitPrice(5, per: 1000)))),
        Rate(category: "gupshup_template_message", component: "reseller fee", price: .flat("0.001")),
        Rate(category: "gupshup_template_message", component: "tax", price: .percentage("8.1")),
        Rate(
            category: "openai_gpt4_input", models: [.exact("gpt-4.1"), .suffix("-mini")],
            price: .tiered(
                TieredPrice(
                    .cliff, isInclusive: true,
                    steps: [
                        TieredPrice.Step(above: 0, UnitPrice(1, per: 1_000_000)),
                        TieredPrice.Step(above: 200_000, UnitPrice(2, per: 1_000_000)),
                    ])),
            effectiveUntil: at("2027-01-01T00:00:00Z"),
            conditions: RateConditions(
                context: ["service_tier": "flex"], hours: [DailyHours(fromMinute: 540, untilMinute: 1140)],
                weekdays: [.thursday, .friday], timeZone: "Europe/Berlin"),
            priority: 3),
    ]
}
