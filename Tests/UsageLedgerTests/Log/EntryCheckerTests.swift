import Testing

@testable import UsageLedger

/// Bytes that can be read but that the codec never writes: verify finds them.
@Suite(.bounded) struct EntryCheckerTests {
    private static let line = LineRecord(category: Symbol(3), quantity: 1_000_000)

    private static func usage(_ change: (inout UsageRecord) -> Void = { _ in }) -> UsageRecord {
        var record = UsageRecord(
            id: StoredEventID("e-1"), agent: Symbol(1), operation: Symbol(2), time: Limits.earliestTime,
            isTimeAssigned: false, dayShift: 0, lines: [line])
        change(&record)
        return record
    }

    private static func isFound(_ bytes: [UInt8]) -> Bool {
        do {
            _ = try EntryChecker().check(bytes.span.bytes, at: SequenceNumber(9))
            return false
        } catch {
            return error.code == .damaged && error.message.contains("entry 9")
        }
    }

    @Test func `a sound entry passes`() throws {
        #expect(try EntryChecker().check(Entry.usage(Self.usage()).bytes.span.bytes, at: SequenceNumber(9)))
    }

    /// The bytes of `usage()`: kind, flags (2), length of the id and the id (4), agent, operation, time, line count, category,
    /// quantity, unpriced.
    @Test(
        arguments: [
            ("an overlong agent", 7, 1, [0x81, 0x00]), ("an overlong category", 11, 1, [0x83, 0x00]),
            ("whole units spelled as millionths", 12, 1, [0x81, 0x89, 0x7A]),
            ("a cost with a power of ten to spare", 13, 1, [0x00, 0x0A, 0x01]),
            ("a cost of nothing with a power of ten", 13, 1, [0x03, 0x00, 0x01]),
            ("an unknown power of ten", 13, 1, [0x0D, 0x01, 0x01]),
            ("an agent of none", 7, 1, [0x00]), ("no lines", 10, 1, [0x00]), ("33 lines", 10, 1, [0x21]),
            ("an unknown flag", 2, 1, [0x50]), ("a highest flag", 2, 1, [0x90]),
            ("a fourth kind of day", 2, 1, [0x30]), ("a fourth form of id", 1, 1, [0x03]),
            ("a lead that is not there", 1, 1, [0x04]), ("metadata that is not there", 2, 1, [0x11]),
            ("a finer unit of time than needed", 2, 1, [0x14]), ("classes that are not there", 1, 1, [0x80]),
        ] as [(String, Int, Int, [UInt8])])
    func `other bytes for the same are found`(_ what: String, _ place: Int, _ count: Int, _ replacement: [UInt8]) {
        var bytes = Entry.usage(Self.usage()).bytes
        bytes.replaceSubrange(place..<place + count, with: replacement)
        #expect(Self.isFound(bytes), "\(what)")
    }

    @Test(
        arguments: [
            (
                "lines out of order",
                usage {
                    $0.lines = [
                        LineRecord(category: Symbol(4), quantity: 0), LineRecord(category: Symbol(3), quantity: 0),
                    ]
                }
            ),
            ("two lines of a category", usage { $0.lines = [line, line] }),
            (
                "context out of order",
                usage {
                    $0.context = [
                        ContextRecord(key: Symbol(5), value: Symbol(1)),
                        ContextRecord(key: Symbol(4), value: Symbol(1)),
                    ]
                }
            ),
            (
                "usage out of order",
                usage {
                    $0.lines[0].usageClass = Symbol(7)
                    $0.usage = [
                        ReportedRecord(usageClass: Symbol(8), quantity: 1),
                        ReportedRecord(usageClass: Symbol(7), quantity: 1),
                    ]
                }
            ),
            (
                "a UUID spelled as text",
                usage {
                    $0.id = StoredEventID(form: .text, bytes: Array("8c6e3f0a-1b2c-4d5e-8f90-a1b2c3d4e5f6".utf8))
                }
            ),
            ("an id that is not UTF-8", usage { $0.id = StoredEventID(form: .text, bytes: [0xFF]) }),
            ("a lead that is not UTF-8", usage { $0.lead = [0xC3, 0x28] }),
            ("a lead of nothing", usage { $0.lead = [] }),
            ("metadata with a blank", usage { $0.metadata = Array(#"{"a": 1}"#.utf8) }),
            ("a price of an unknown rate", usage { $0.lines[0].price = PriceRecord(rate: SequenceNumber(5), cost: 1) }),
        ] as [(String, UsageRecord)])
    func `a record that the ledger never makes is found`(_ what: String, _ record: UsageRecord) {
        #expect(Self.isFound(Entry.usage(record).bytes), "\(what)")
    }

    @Test func `a cost that is not what its rate gives is found, and the right one passes`() throws {
        let checker = EntryChecker()
        let rate = RateRecord(
            category: Symbol(3), price: .unit(UnitPrice("0.005")), effectiveFrom: Limits.earliestTime, source: "")
        #expect(try !checker.check(Entry.rate(rate).bytes.span.bytes, at: SequenceNumber(4)))
        func priced(_ cost: Int64) -> [UInt8] {
            Entry.usage(Self.usage { $0.lines[0].price = PriceRecord(rate: SequenceNumber(4), cost: cost) }).bytes
        }
        #expect(try checker.check(priced(5_000_000_000).span.bytes, at: SequenceNumber(9)))
        #expect(throws: LedgerError.self) { try checker.check(priced(5_000_000_001).span.bytes, at: SequenceNumber(9)) }
    }

    @Test func `a symbol out of turn is found`() throws {
        let checker = EntryChecker()
        func symbol(_ number: UInt32) -> [UInt8] {
            Entry.symbol(SymbolDefinition(symbol: Symbol(number), text: "x\(number)")).bytes
        }
        #expect(try !checker.check(symbol(1).span.bytes, at: SequenceNumber(1)))
        #expect(throws: LedgerError.self) { try checker.check(symbol(3).span.bytes, at: SequenceNumber(2)) }
        #expect(throws: LedgerError.self) { try checker.check(symbol(1).span.bytes, at: SequenceNumber(3)) }
        #expect(try !checker.check(symbol(2).span.bytes, at: SequenceNumber(4)))
    }

    /// Entries 1 and 2 are usage, 3 is not.
    private static func adjusting() -> EntryChecker {
        EntryChecker { number throws(LedgerError) in number < SequenceNumber(3) ? usage() : nil }
    }

    private static let usedEffect = usage().effect

    /// One unit more, and the price of nothing.
    private static let larger: UsageEffect = {
        var effect = usedEffect
        effect.lines[0].quantity += 1_000_000
        return effect
    }()

    private static func void(_ target: UInt64, _ effect: UsageEffect = usedEffect) -> Entry {
        .void(VoidRecord(target: SequenceNumber(target), reason: "r", effect: effect))
    }

    private static func replacement(_ target: UInt64, _ effect: UsageEffect = usedEffect) -> Entry {
        .replacement(
            ReplacementRecord(target: SequenceNumber(target), reason: "r", effect: effect, usage: usage()))
    }

    private static func rerating(_ target: UInt64, _ effect: UsageEffect = usedEffect, to lines: [LineRecord]) -> Entry
    {
        .rerating(
            ReratingRecord(
                target: SequenceNumber(target), reason: "r", effect: effect, inputSize: nil, lines: lines))
    }

    @Test(
        arguments: [
            ("a void of another effect", [void(1, larger)]),
            ("a replacement of another effect", [replacement(1, larger)]),
            ("a re-rating of another effect", [rerating(1, larger, to: [line])]),
            ("a void of what is no usage", [void(3)]), ("a void of what comes later", [void(9)]),
            ("a second void", [void(1), void(1)]), ("a void of what was replaced", [replacement(2), void(2)]),
            ("a re-rating of what was voided", [void(2), rerating(2, to: [line])]),
            (
                "a void of what a re-rating has put another effect in the place of",
                [rerating(1, to: larger.lines), void(1)]
            ),
        ] as [(String, [Entry])])
    func `an adjustment that takes away what does not count is found`(_ what: String, _ entries: [Entry]) throws {
        let checker = Self.adjusting()
        for entry in entries.dropLast() { _ = try checker.check(entry.bytes.span.bytes, at: SequenceNumber(8)) }
        let last = try #require(entries.last)
        let error = #expect(throws: LedgerError.self, "\(what)") {
            try checker.check(last.bytes.span.bytes, at: SequenceNumber(9))
        }
        #expect(error?.code == .damaged && error?.message.contains("entry 9") == true)
    }

    @Test(
        arguments: [
            [void(1)], [replacement(1), void(2)],
            [rerating(1, to: larger.lines), rerating(1, larger, to: [line]), void(1)],
            // What is lost may have been an adjustment.
            [rerating(1, to: [line]), .lost, void(1, larger)],
        ] as [[Entry]])
    func `adjustments that take away what counts pass`(_ entries: [Entry]) throws {
        let checker = Self.adjusting()
        for (index, entry) in entries.enumerated() {
            _ = try checker.check(entry.bytes.span.bytes, at: SequenceNumber(UInt64(10 + index)))
        }
    }

    @Test(arguments: [Int32.min, -20_000, 3_000_000, Int32.max])
    func `a day that no event can have is refused`(_ number: Int32) {
        var effect = Self.usage().effect
        effect.day = Day(daysSinceEpoch: number)
        let void = Entry.void(VoidRecord(target: SequenceNumber(1), reason: "r", effect: effect))
        #expect(throws: CodecFailure.self) { try decoded(void.bytes) }
    }
}
