import Foundation
import LMDB
import Testing

@testable import UsageLedger

/// Segments and a ledger of format version 1, written once and read for ever: `Fixtures/golden/v1`.
@Suite(.bounded) struct GoldenTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/golden/v1")

    private static let moment = at("2026-11-20T12:00:00.123456Z")

    private static func text(_ name: String) throws -> String {
        try String(contentsOf: folder.appending(path: name), encoding: .utf8)
    }

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
            lines.append("\(number): \(entry)".replacing("UsageLedger.", with: ""))
            return true
        }
        return lines.joined(separator: "\n") + "\n"
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

    @Test(arguments: RandomEntries.kinds) func `a segment of version 1 says what it said`(_ kind: EntryCodec.Kind)
        throws
    {
        let segment = Self.bytes(try Self.text("\(kind).hex"))
        #expect(try Self.described(segment) == Self.text("\(kind).txt"))
        var buffer = EntryBuffer()
        let header = try SegmentHeader(segment.span.bytes, key: SequenceNumber(1))
        try Segment.forEachEntry(in: segment.span.bytes, header: header) { number, range in
            buffer.append(try EventLog.decode(segment.span.bytes.extracting(range), at: number))
            return true
        }
        let packed = buffer.packed(
            from: SequenceNumber(1), recordedAt: header.recordedAt, previousChecksum: header.previousChecksum)
        #expect(packed.map(\.bytes) == [segment], "written again it is the same, byte for byte")
    }

    @Test func `a ledger of version 1 opens, verifies and reports what it did`() async throws {
        let directory = UnitDirectory()
        let path = directory.path("ledger")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        try FileManager.default.copyItem(
            atPath: Self.folder.appending(path: "ledger/data.mdb").path, toPath: path + "/data.mdb")
        let ledger = try await Ledger.open(at: path, options: Self.options)
        #expect(try Self.described(ledger) == Self.text("ledger/report.txt"))
        #expect(try ledger.verify().isOK)
        #expect(try await ledger.rebuildViews().isIdentical == true)
        #expect(try await ledger.record(search("e1")).disposition == .duplicate)
        try await ledger.close()
    }

    private static var options: Ledger.Options { .test(clock: SettableClock(moment)) }

    private static func described(_ ledger: Ledger) throws -> String {
        let verification = try ledger.verify()
        var lines = [
            "digest \(verification.digest)",
            "entries \(verification.entries), segments \(verification.segments), events \(verification.events)",
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

    /// Run once when a format version is new: `USAGE_LEDGER_MAKE_GOLDEN=1 swift test --filter makes.the.golden`.
    @Test(.enabled(if: isMaking, "the files are there already")) func `makes the golden files`() async throws {
        let files = FileManager.default
        try files.createDirectory(at: Self.folder, withIntermediateDirectories: true)
        for kind in RandomEntries.kinds {
            var buffer = EntryBuffer()
            for entry in Self.entries(kind) { buffer.append(entry) }
            let packed = buffer.packed(from: SequenceNumber(1), recordedAt: Self.moment, previousChecksum: 0)
            let segment = try #require(packed.first).bytes
            try Data(Self.hexadecimal(segment).utf8).write(to: Self.folder.appending(path: "\(kind).hex"))
            try Data(Self.described(segment).utf8).write(to: Self.folder.appending(path: "\(kind).txt"))
        }
        let directory = UnitDirectory()
        let ledger = try await Ledger.open(at: directory.path("ledger"), options: Self.options)
        try await ledger.set(Budget(agent: "a", period: .monthly, amount: "0.03"))
        try await ledger.setTimeZone("Asia/Tokyo", agent: "b")
        try await ledger.record([
            search("e1"), search("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6", "b", "2026-11-18T23:30:00Z", count: 2),
            search("01J9ZQ4X5Y6Z7A8B9CADBECFDG", count: 4), search("e4", count: 3),
            UsageEvent(
                id: "e5", agent: "a", lead: "l-1", operation: "analysis", time: at("2026-10-31T10:00:00.5Z"),
                provider: "openai", model: "gpt-4.1",
                usage: [ReportedUsage(.inputTokens, 1500), ReportedUsage(.outputTokens, 600)],
                context: ["region": "eu"], metadata: ["layer": 1]),
            .request(
                id: "e6", agent: "b", operation: "scrape", service: "scraperapi_request", quantity: 7,
                time: at("2026-11-20T10:00:00Z")),
        ])
        _ = try await ledger.void("e4", reason: "by mistake")
        _ = try await ledger.replace("e5", with: search("e7", "b", count: 9), reason: "of another agent")
        if let alert = try ledger.recordedAlerts().first { try await ledger.acknowledge(alert.id) }
        try await ledger.exclusively { try $0.flush() }
        let target = Self.folder.appending(path: "ledger")
        try? files.removeItem(at: target)
        try ledger.backup(to: target.path)
        try Data(Self.described(ledger).utf8).write(to: target.appending(path: "report.txt"))
        try await ledger.close()
    }
}
