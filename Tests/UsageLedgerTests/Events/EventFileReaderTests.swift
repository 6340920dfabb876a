import Foundation
import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct EventFileReaderTests {
    /// What a reader makes of one record.
    private struct Outcome: Equatable, CustomStringConvertible {
        var line: Int
        var row: Int
        var id: String?
        var raw: String
        var description: String { "line \(line) row \(row) \(id ?? "refused") \(raw)" }
    }

    private func withFile<Value>(_ bytes: [UInt8], _ body: (String) throws -> Value) throws -> Value {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("events-\(UUID().uuidString)").path
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        return try body(path)
    }

    private func records(
        _ bytes: [UInt8], _ format: EventFormat, mapping: CSVMapping = CSVMapping()
    ) throws -> [EventFileRecord] {
        try withFile(bytes) { path in
            var reader = try EventFileReader(path: path, format: format, mapping: mapping)
            var records: [EventFileRecord] = []
            while let record = try reader.next() { records.append(record) }
            #expect(reader.bytesRead == bytes.count)
            #expect(reader.totalBytes == bytes.count)
            return records
        }
    }

    private func outcomes(_ text: String, _ format: EventFormat) throws -> [Outcome] {
        try records(Array(text.utf8), format).map { record in
            Outcome(
                line: record.line, row: record.row, id: try? record.result.get().id.rawValue,
                raw: String(decoding: record.raw, as: UTF8.self))
        }
    }

    private func event(_ id: String) -> String { #"{"id":"\#(id)","agent":"a","operation":"o"}"# }

    @Test func `lines are events, blank ones are passed over, and the last needs no line end`() throws {
        let text = "\u{FEFF}\(event("1"))\r\n\n \t\r\n{broken\n\(event("2"))"
        #expect(
            try outcomes(text, .ndjson) == [
                Outcome(line: 1, row: 1, id: "1", raw: event("1")), Outcome(line: 4, row: 2, id: nil, raw: "{broken"),
                Outcome(line: 5, row: 3, id: "2", raw: event("2")),
            ])
    }

    @Test(arguments: ["", "\n", "\u{FEFF}", "\u{FEFF}\n\r\n", "  "])
    func `an empty file holds no events`(_ text: String) throws {
        #expect(try outcomes(text, .ndjson) == [])
        #expect(try outcomes(text, .cloudevents) == [])
    }

    @Test func `a record that is refused says where it is at fault`() throws {
        let record = try #require(try records(Array("\n{\"id\":7}\n".utf8), .ndjson).first)
        #expect(record.line == 2)
        #expect(record.column == 7)
        #expect(throws: LedgerError.self) { try record.result.get() }
    }

    @Test(arguments: [EventFormat.ndjson, .csv, .cloudevents])
    func `a record that is no UTF-8 or too long is refused, and the next one is read`(_ format: EventFormat) throws {
        let (header, good) =
            switch format {
            case .ndjson: ("", event("1"))
            case .csv: ("id,agent,operation\n", "1,a,o")
            case .cloudevents: ("", #"{"specversion":"1.0","id":"1","source":"s","type":"o","subject":"a"}"#)
            }
        for longBytes in [(1 << 20) + 1, 1 << 21, 5_000_000] {
            var bytes = Array("\(header)\(good)\n".utf8) + [0x61, 0xFF, 0x0A]
            bytes += [UInt8](repeating: 0x61, count: longBytes) + Array("\r\n\(good)\n".utf8)
            bytes += [UInt8](repeating: 0x61, count: longBytes)
            let records = try records(bytes, format)
            #expect(records.map { (try? $0.result.get()) != nil } == [true, false, false, true, false])
            #expect(records.map(\.line) == (format == .csv ? [2, 3, 4, 5, 6] : [1, 2, 3, 4, 5]))
            #expect(records[1].raw == [0x61, 0xFF])
            #expect(records[2].raw.count == 1 << 20)
        }
    }

    @Test func `a line of exactly 1 MiB is read`() throws {
        let frame = #"{"id":"1","agent":"a","operation":"o"}"#
        let bytes = Array(
            (frame + String(repeating: " ", count: (1 << 20) - frame.utf8.count) + "\n" + event("2")).utf8)
        #expect(try records(bytes, .ndjson).map { try $0.result.get().id } == ["1", "2"])
    }

    @Test func `a CSV record may span lines, and lines are counted as they stand in the file`() throws {
        let text =
            "\u{FEFF}id,agent,operation,metadata.note\r\n1,a,o,\"two\r\nlines, \"\"quoted\"\"\"\r\n\r\n2,a,o\r\n3,a,o,\n4,a,o,end"
        let records = try records(Array(text.utf8), .csv)
        #expect(records.map(\.line) == [2, 5, 6, 7])
        #expect(records.map(\.row) == [1, 2, 3, 4])
        #expect(try records[0].result.get().metadata == ["note": "two\r\nlines, \"quoted\""])
        #expect(String(decoding: records[0].raw, as: UTF8.self) == "1,a,o,\"two\r\nlines, \"\"quoted\"\"\"")
        #expect(throws: LedgerError.self) { try records[1].result.get() }
        #expect(String(decoding: records[1].raw, as: UTF8.self) == "2,a,o")
        #expect(try records[3].result.get().metadata == ["note": "end"])
    }

    @Test func `the header of a CSV file is at hand for a file of rejects`() throws {
        try withFile(Array("\u{FEFF}id,agent,\"operation\"\r\n".utf8)) { path in
            var reader = try EventFileReader(path: path, format: .csv)
            #expect(reader.csvHeader.map { String(decoding: $0, as: UTF8.self) } == "id,agent,\"operation\"")
            #expect(try reader.next() == nil)
        }
    }

    @Test func `a quote that is never closed makes one refused record and forges none`() throws {
        let tail = String(repeating: "9,a,o,\n", count: 400_000)
        let records = try records(Array("id,agent,operation,lead\n1,a,o,\n2,a,o,\"open\n\(tail)".utf8), .csv)
        #expect(records.count == 2)
        #expect(try records[0].result.get().id == "1")
        let error = #expect(throws: LedgerError.self) { try records[1].result.get() }
        #expect(error?.message == "the record is longer than 1048576 bytes; is a quote not closed?")
    }

    @Test func `records are the same wherever the chunks of the file end`() throws {
        let seed: UInt64 = 3
        var random = SeededRandom(seed: seed)
        var text = "id,agent,operation,metadata.note\n"
        var notes: [String] = []
        while text.utf8.count < 1_500_000 {
            let note = (0..<Int.random(in: 1...300, using: &random)).map { _ in
                ["x", ",", "\"", "\n", "é"].randomElement(using: &random) ?? ""
            }
            notes.append(note.joined())
            text += "\(notes.count),a,o,\"\(notes[notes.count - 1].replacing("\"", with: "\"\""))\"\r\n"
        }
        let events = try records(Array(text.utf8), .csv).map { try $0.result.get() }
        #expect(events.map(\.id.rawValue) == (1...notes.count).map(String.init))
        #expect(try events.map(\.metadata) == notes.map { try Metadata(["note": .string($0)]) }, "seed \(seed)")
    }

    @Test func `a CloudEvents line holds one event or a batch, and a broken batch counts not at all`() throws {
        func cloudEvent(_ id: String) -> String {
            #"{"specversion":"1.0","id":"\#(id)","source":"s","type":"o","subject":"a"}"#
        }
        let text =
            "\(cloudEvent("1"))\n[]\n [ \(cloudEvent("2")) , {\"id\":1} , \(cloudEvent("3"))]\n[\(cloudEvent("4")),\n\(cloudEvent("5"))"
        #expect(
            try outcomes(text, .cloudevents) == [
                Outcome(line: 1, row: 1, id: "s/1", raw: cloudEvent("1")),
                Outcome(line: 3, row: 2, id: "s/2", raw: cloudEvent("2")),
                Outcome(line: 3, row: 3, id: nil, raw: "{\"id\":1}"),
                Outcome(line: 3, row: 4, id: "s/3", raw: cloudEvent("3")),
                Outcome(line: 4, row: 5, id: nil, raw: "[\(cloudEvent("4")),"),
                Outcome(line: 5, row: 6, id: "s/5", raw: cloudEvent("5")),
            ])
    }

    @Test func `a missing file, a directory and a missing header are errors that name the path`() throws {
        for path in ["/nonexistent/events.ndjson", "/tmp", ""] {
            let error = #expect(throws: LedgerError.self) { _ = try EventFileReader(path: path, format: .ndjson) }
            #expect(error?.code == .inputOutput)
            #expect(error?.message.hasPrefix("\(path): ") == true)
        }
        try withFile([]) { path in
            let error = #expect(throws: LedgerError.self) { _ = try EventFileReader(path: path, format: .csv) }
            #expect(error?.message == "header: '\(path)' does not start with a header row")
        }
    }

    @Test func `a pipe is read to its end, and its length is not known`() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("pipe-\(UUID().uuidString)").path
        #expect(mkfifo(path, 0o600) == 0)
        defer { try? FileManager.default.removeItem(atPath: path) }
        let text = (1...5000).map { event("\($0)") }.joined(separator: "\n")
        let writer = Thread {
            if let handle = FileHandle(forWritingAtPath: path) {
                handle.write(Data(text.utf8))
                try? handle.close()
            }
        }
        writer.start()
        var reader = try EventFileReader(path: path, format: .ndjson)
        #expect(reader.totalBytes == nil)
        var count = 0
        while let record = try reader.next() {
            count += 1
            #expect(try record.result.get().id.rawValue == "\(count)")
        }
        #expect(count == 5000)
        #expect(reader.bytesRead == text.utf8.count)
    }
}
