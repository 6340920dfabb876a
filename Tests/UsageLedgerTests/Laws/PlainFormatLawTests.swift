import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

/// The short way from a line to its event against the strict reader. Comments of expectations name the seed.
@Suite(.bounded) struct PlainFormatLawTests {
    /// What becomes of a line.
    private enum Outcome: Equatable {
        case event(UsageEvent)
        case refused(LedgerError.Code, String, field: String?, column: Int?)
    }

    private static func outcome(_ decode: () throws(FormatFailure) -> UsageEvent) -> Outcome {
        do throws(FormatFailure) {
            return .event(try decode())
        } catch {
            return refused(error.ledgerError, error.column)
        }
    }

    private static func refused(_ error: LedgerError, _ column: Int?) -> Outcome {
        .refused(error.code, error.message, field: error.field, column: column)
    }

    /// All lines one behind the other, so that none of them starts or ends where the bytes do, but for the outer ones.
    private static func outcomes(_ lines: [[UInt8]], _ decoder: EventDecoder) -> [Outcome] {
        var batch = EventFileBatch()
        for (index, line) in lines.enumerated() {
            let start = batch.bytes.count
            batch.bytes += line + [UInt8(ascii: "\n")]
            batch.places.append(
                EventFileBatch.Place(
                    range: start..<start + line.count, line: index + 1, row: index + 1, fileEnd: 0, kind: .event))
        }
        batch.bytes.removeLast()
        var decoder = decoder
        return (0..<batch.count).map { index in
            var events: [UsageEvent] = []
            if let fault = decoder.decode(index, of: batch, into: &events) { return refused(fault.error, fault.column) }
            return .event(events[0])
        }
    }

    /// A line with some bytes changed, doubled or left out, or cut short.
    private static func mutated(_ line: String, _ random: inout SeededRandom) -> [UInt8] {
        var bytes = Array(line.utf8)
        let others = Array("\"\\{}[]:,. 0123456789-+eEnulltruZTaé\u{7F}\u{1}\t\r".utf8) + [0x80, 0xFF]
        for _ in 0..<[0, 0, 1, 1, 2, 5].randomElement(using: &random)! where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<5, using: &random) {
            case 0: bytes[place] = others.randomElement(using: &random)!
            case 1: bytes.insert(others.randomElement(using: &random)!, at: place)
            case 2: bytes.remove(at: place)
            case 3: bytes.removeSubrange(place...)
            default:
                let end = Int.random(in: place...bytes.count, using: &random)
                bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return bytes
    }

    private static let texts = [
        "a", "agent-17", "", "b\\u00e9", "é", "operation-3 of eight", "swift-1", "x\u{7F}",
        String(repeating: "n", count: 200),
    ]
    private static let times = [
        "2026-11-01T12:00:00.123Z", "2026-11-01 12:00:00Z", "2026-11-01T12:00:00", "2026-11-01T23:59:59.123456789Z",
        "2026-11-01T12:00:00.1234567891Z", "2026-11-01T24:00:00Z", "2026-02-30T12:00:00Z", "2026-11-01",
        "2026-11-01T12:00Z",
        "2026-11-01T12:00:00+05:30", "1677-01-01T00:00:00Z", "2026-11-01T12:00:00.Z", "2026-11-01t12:00:00,5z", "",
    ]
    private static let numbers = [
        "1500", "0", "007", "-1", "1.5", "999999999999999", "1000000000000000", "1e3", "12345678901234567890", "1x",
    ]

    private static func object(_ random: inout SeededRandom) -> String {
        func text(_ random: inout SeededRandom) -> String {
            let isCommon = Int.random(in: 0..<6, using: &random) > 0
            return isCommon ? "\"agent-17\"" : "\"\(texts.randomElement(using: &random)!)\""
        }
        func number(_ random: inout SeededRandom) -> String {
            Int.random(in: 0..<4, using: &random) > 0 ? "1500" : numbers.randomElement(using: &random)!
        }
        let space = Int.random(in: 0..<4, using: &random) == 0 ? " " : ""
        var members = [
            "\"id\":\(space)\"8c6e3f0a-1b2c-4d3e-8f90-a1b2c3d4e5f6\"", "\"agent\":\(space)\(text(&random))",
            "\"operation\":\(text(&random))",
        ]
        func maybe(_ member: String) { if Int.random(in: 0..<3, using: &random) > 0 { members.append(member) } }
        maybe(
            "\"time\":\"\(Bool.random(using: &random) ? times[0] : times.randomElement(using: &random)!)\"")
        maybe("\"provider\":\(text(&random))")
        maybe("\"model\":\(text(&random))")
        if Int.random(in: 0..<5, using: &random) == 0 { members.append("\"lead\":\(text(&random))") }
        if Int.random(in: 0..<9, using: &random) == 0 { members.append("\"context\":{\"region\":\"eu\"}") }
        if Int.random(in: 0..<9, using: &random) == 0 { members.append("\"metadata\":{\"a\":[1]}") }
        switch Int.random(in: 0..<6, using: &random) {
        case 0: members.append("\"lines\":[{\"category\":\(text(&random)),\"quantity\":\(number(&random))}]")
        case 1: members.append("\"usage\":{\(space)}")
        case 2: members.append("\"usage\":{\(text(&random)):1,\(text(&random)):\(number(&random))}")
        default: members.append("\"usage\":{\"input_tokens\":\(number(&random)),\"output_tokens\":\(space)600}")
        }
        if Int.random(in: 0..<6, using: &random) == 0 { members.append(members.randomElement(using: &random)!) }
        if Int.random(in: 0..<3, using: &random) == 0 { members.shuffle(using: &random) }
        return "{" + members.joined(separator: ",\(space)") + "}"
    }

    @Test(arguments: LawRounds.seeds(4)) func `a JSON line is read alike the short way and the long way`(_ seed: UInt64)
    {
        var random = SeededRandom(seed: seed)
        let lines = (0..<3000).map { _ in Self.mutated(Self.object(&random), &random) }
        let found = Self.outcomes(lines, EventDecoder(format: .ndjson, csv: nil))
        var plain = PlainJSON()
        var plainCount = 0
        for (line, outcome) in zip(lines, found) {
            let expected = Self.outcome { () throws(FormatFailure) in try EventJSON.decodeRecord(line) }
            #expect(outcome == expected, "seed \(seed): \(String(decoding: line, as: UTF8.self))")
            if plain.event(line.span.bytes, in: 0..<line.count) != nil { plainCount += 1 }
        }
        #expect(100...2900 ~= plainCount, "seed \(seed): \(plainCount) lines went the short way")
    }

    @Test(arguments: LawRounds.seeds(4)) func `a CSV row is read alike the short way and the long way`(
        _ seed: UInt64
    ) throws {
        var random = SeededRandom(seed: seed)
        let header = "id,agent,operation,time,provider,model,usage.input_tokens,usage.output_tokens,other"
        var mapping = CSVMapping(columns: ["lead": "other"], constants: ["provider": "acme"])
        if seed % 2 == 0 {
            mapping.constants["lead"] = nil
            mapping.constants["usage.requests"] = "1"
            mapping.zone = try TimeZoneRules(identifier: "Europe/Berlin")
        }
        var csv = try EventCSV(header: Array(header.utf8), mapping: mapping)
        var plain = try #require(PlainCSV(csv))
        let lines = (0..<3000).map { row in
            func text(_ random: inout SeededRandom) -> String {
                Bool.random(using: &random) ? "agent-\(row % 7)" : Self.texts.randomElement(using: &random)!
            }
            func number(_ random: inout SeededRandom) -> String {
                Bool.random(using: &random) ? "1500" : Self.numbers.randomElement(using: &random)!
            }
            let time = Bool.random(using: &random) ? Self.times[0] : Self.times.randomElement(using: &random)!
            let fields = [
                "id-\(row)", text(&random), text(&random), time, text(&random), "\"m, \"\"1\"\"\"", number(&random),
                number(&random), "",
            ]
            let isQuoted = Int.random(in: 0..<5, using: &random) == 0
            return Self.mutated(
                fields.map { $0.hasPrefix("\"") && !isQuoted ? "m" : $0 }.joined(separator: ","), &random)
        }
        var plainCount = 0
        for (index, (line, outcome)) in zip(lines, Self.outcomes(lines, EventDecoder(format: .csv, csv: csv)))
            .enumerated()
        {
            let expected = Self.outcome { () throws(FormatFailure) in try csv.decode(line, row: index + 1) }
            #expect(outcome == expected, "seed \(seed): \(String(decoding: line, as: UTF8.self))")
            if plain.event(line.span.bytes, in: 0..<line.count, row: 1) != nil { plainCount += 1 }
        }
        #expect(200...2700 ~= plainCount, "seed \(seed): \(plainCount) rows went the short way")
    }

    @Test(arguments: LawRounds.seeds(40)) func `records end where they end byte by byte`(_ seed: UInt64) throws {
        var random = SeededRandom(seed: seed)
        let alphabet = Array("aaaaaaaab,,\"\"\n\r".utf8)
        let hasQuotes = seed % 2 == 0
        let bytes = (0..<Int.random(in: 0...400, using: &random)).map { _ in alphabet.randomElement(using: &random)! }
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("cut-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        var cutter = try RecordCutter(try InputFile(path: path), hasQuotes: hasQuotes)
        var found: [(line: Int, bytes: [UInt8])] = []
        while let record = try cutter.next() {
            found.append((record.line, cutter.bytes(of: record)))
            // Batches end anywhere.
            if Bool.random(using: &random) { _ = cutter.takeBytes() }
        }
        let expected = NaiveRecords(of: bytes, hasQuotes: hasQuotes).records
        #expect(found.map(\.line) == expected.map(\.line), "seed \(seed)")
        #expect(found.map(\.bytes) == expected.map(\.bytes), "seed \(seed)")
        #expect(cutter.bytesRead == bytes.count)
    }
}
