import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct MetadataTests {
    @Test(arguments: [
        ("{}", "{}"), (" { } \n", "{}"), (#"{"b":1,"a":2}"#, #"{"a":2,"b":1}"#),
        (#"{ "b" : { "d" : 1 , "c" : [ 3 , 2 ] } , "a" : true }"#, #"{"a":true,"b":{"c":[3,2],"d":1}}"#),
        (
            #"{"a":1.0,"b":1e400,"c":-0,"d":123456789012345678901234567890,"e":1E+2}"#,
            #"{"a":1.0,"b":1e400,"c":-0,"d":123456789012345678901234567890,"e":1E+2}"#
        ),
        (#"{"\u0061":"\u00e9\/\u000a\u001F\ud83d\ude00"}"#, #"{"a":"é/\n\u001f😀"}"#), (#"{"":null}"#, #"{"":null}"#),
        // By bytes of UTF-8: U+FF21 before U+1F600, though UTF-16 has it the other way round; `"` before `#` though escaped.
        (#"{"😀":1,"Ａ":2,"z":3,"Z":4}"#, #"{"Z":4,"z":3,"Ａ":2,"😀":1}"#), (##"{"#":1,"\"":2}"##, ##"{"\"":2,"#":1}"##),
        (#"{"aa":1,"a":2}"#, #"{"a":2,"aa":1}"#), ("{\"e\u{301}\":1,\"\u{E9}\":2}", "{\"e\u{301}\":1,\"\u{E9}\":2}"),
    ])
    func `metadata is kept in canonical form`(_ text: String, _ canonical: String) throws {
        let metadata = try Metadata(parsing: text)
        #expect(Array(metadata.json.utf8) == Array(canonical.utf8))
        #expect(Metadata.isCanonical(metadata.bytes))
        #expect(Metadata.isCanonical(Array(text.utf8)) == (text == canonical))
        #expect(try Metadata(parsing: metadata.json) == metadata)
    }

    @Test(arguments: [
        ("", "metadata: not valid JSON: the text ends too early at byte 1"),
        ("[]", "metadata: expected an object at byte 1"),
        ("1", "metadata: expected an object at byte 1"), ("null", "metadata: expected an object at byte 1"),
        (#"{"secret":secret}"#, "metadata: not valid JSON at byte 11"),
        (#"{"secret":1"#, "metadata: not valid JSON: the text ends too early at byte 12"),
        (#"{"secret":1,"x":2,"secret":3}"#, "metadata: a key is given twice at byte 19"),
        (#"{"secret":1,"\u0073ecret":3}"#, "metadata: a key is given twice at byte 13"),
        (#"{"a":{"b":[{"secret":1,"secret":1}]}}"#, "metadata: a key is given twice at byte 24"),
        (#"{"a":"\ud800"}"#, "metadata: half of a surrogate pair at byte 7"),
        (#"{"a":01}"#, "metadata: not valid JSON at byte 7"),
        ("{\"secret\":\"\u{0}\"}", "metadata: not valid JSON at byte 12"),
        (#"{"a":1} secret"#, "metadata: not valid JSON at byte 9"),
        (#"{"secret":-}"#, "metadata: not valid JSON at byte 12"),
    ])
    func `what is no metadata is refused without a word of it`(_ text: String, _ message: String) {
        let error = #expect(throws: LedgerError.self) { try Metadata(parsing: text) }
        #expect(error?.code == .invalidEvent)
        #expect(error?.field == "metadata")
        #expect(error?.message == message)
    }

    @Test func `16 levels are allowed, 17 are not`() throws {
        func nested(_ levels: Int) -> String {
            #"{"a":"# + String(repeating: "[", count: levels - 1) + String(repeating: "]", count: levels - 1) + "}"
        }
        let deepest = try Metadata(parsing: nested(16))
        #expect(deepest.json == nested(16))
        let error = #expect(throws: LedgerError.self) { try Metadata(parsing: nested(17)) }
        #expect(error?.message == "metadata: nested too deep at byte 21")
        #expect(throws: LedgerError.self) { try Metadata(parsing: nested(500_000)) }
        // The same limit within an event, where metadata lies deeper.
        let event = #"{"id":"e","agent":"a","operation":"o","metadata":"#
        #expect(try EventJSON.decode(Array((event + nested(16) + "}").utf8)).metadata == deepest)
        #expect(throws: LedgerError.self) { try EventJSON.decode(Array((event + nested(17) + "}").utf8)) }
    }

    @Test func `16 KiB in canonical form are allowed, a byte more is not`() throws {
        func text(_ bytes: Int) -> String { #"{"a":""# + String(repeating: "x", count: bytes - 8) + #""}"# }
        #expect(try Metadata(parsing: text(16_384)).bytes.count == 16_384)
        #expect(throws: LedgerError.self) { try Metadata(parsing: text(16_385)) }
        // White space and escapes do not count.
        let spaced = String(repeating: " ", count: 100_000) + #"{"a":"\u0061"}"#
        #expect(try Metadata(parsing: spaced).json == #"{"a":"a"}"#)
        let error = #expect(throws: LedgerError.self) { try Metadata(parsing: text(2_000_000)) }
        #expect(error?.message == "metadata: longer than 16384 bytes")
    }

    @Test(arguments: [
        #"{"a": 1}"#, #"{"b":1,"a":1}"#, #"{"a":"\u0061"}"#, #"{"a":"\/"}"#, #"{"a":1,"a":1}"#, #"{"a":"\u001F"}"#, "{",
        "[]", "",
    ])
    func `what is not canonical is told apart`(_ text: String) {
        #expect(!Metadata.isCanonical(Array(text.utf8)))
    }

    @Test func `bytes that are no UTF-8 are not canonical`() {
        #expect(!Metadata.isCanonical([0x7B, 0x22, 0xFF, 0x22, 0x3A, 0x31, 0x7D]))
    }

    @Test func `metadata can be written in source code`() throws {
        let metadata: Metadata = [
            "layer": 1, "campaign": "x", "share": 0.25, "new": true, "none": nil, "list": [1, "two", [:]],
            "in": ["b": 2, "a": 1],
        ]
        #expect(
            metadata.json
                == #"{"campaign":"x","in":{"a":1,"b":2},"layer":1,"list":[1,"two",{}],"new":true,"none":null,"share":0.25}"#
        )
        #expect(
            try Metadata(["n": .decimal("1e-6"), "i": .integer(.min)]).json == #"{"i":-9223372036854775808,"n":1e-6}"#)
        #expect(([:] as Metadata).json == "{}")
    }

    @Test(arguments: ["", "-", "1,\"b\":2", "1 ", "01", "secret", "NaN"])
    func `a decimal that is no number is refused`(_ text: String) {
        let error = #expect(throws: LedgerError.self) { try Metadata(["a": .decimal(text)]) }
        #expect(error?.message.contains("secret") == false)
    }

    @Test func `a key that stands twice in source code traps`() async {
        await #expect(processExitsWith: .failure) { _ = ["a": 1, "a": 2] as Metadata }
    }

    @Test func `printing shows the size and not the content`() {
        let event = UsageEvent.message(agent: "a", kind: .template, metadata: ["phone": "+491701234567"])
        #expect(event.metadata?.description == "metadata (25 bytes)")
        #expect(!"\(event)".contains("4917"))
    }

    @Test func `random metadata is canonical after one reading, whatever the order and spelling of it`() throws {
        let seed: UInt64 = 99
        var random = SeededRandom(seed: seed)
        for _ in 0..<3000 {
            guard case .object(let members) = Self.value(&random, depth: 0) else { continue }
            let metadata = try Metadata(members)
            #expect(try Metadata(parsing: metadata.json) == metadata, "seed \(seed)")
            #expect(Metadata.isCanonical(metadata.bytes))
            // Another order, spaces, and escapes wherever they may stand.
            let spelled = Self.spelled(.object(members), &random)
            #expect(try Metadata(parsing: spelled) == metadata, "seed \(seed): \(spelled)")
        }
    }

    private static let alphabet = Array("abz\"\\/\n\u{1}\u{7F}éＡ😀").map(String.init)

    private static func text(_ random: inout SeededRandom) -> String {
        (0..<Int.random(in: 0...4, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "" }.joined()
    }

    private static func value(_ random: inout SeededRandom, depth: Int) -> MetadataValue {
        switch depth == 0 ? 6 : Int.random(in: 0...(depth > 4 ? 4 : 6), using: &random) {
        case 0: return .string(text(&random))
        case 1: return .integer(Int.random(in: .min ... .max, using: &random))
        case 2: return .decimal(["0.25", "-0", "1e400", "1E-7", "0.10"].randomElement(using: &random) ?? "0")
        case 3: return .bool(Bool.random(using: &random))
        case 4: return .null
        case 5: return .array((0..<Int.random(in: 0...3, using: &random)).map { _ in value(&random, depth: depth + 1) })
        default:
            let members = (0..<Int.random(in: 0...5, using: &random)).map { _ in
                (text(&random), value(&random, depth: depth + 1))
            }
            return .object(Dictionary(members) { first, _ in first })
        }
    }

    private static func spelled(_ value: MetadataValue, _ random: inout SeededRandom) -> String {
        let space = ["", " ", "\n\t"].randomElement(using: &random) ?? ""
        switch value {
        case .string(let string): return space + spelled(string, &random) + space
        case .integer(let integer): return "\(integer)" + space
        case .decimal(let text): return text + space
        case .bool(let bool): return space + "\(bool)"
        case .null: return "null"
        case .array(let values): return "[" + values.map { spelled($0, &random) }.joined(separator: ",") + "]"
        case .object(let members):
            let fields = members.shuffled(using: &random).map {
                spelled($0.key, &random) + space + ":" + spelled($0.value, &random)
            }
            return "{" + space + fields.joined(separator: ",") + "}"
        }
    }

    private static func spelled(_ string: String, _ random: inout SeededRandom) -> String {
        let units = string.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        }
        guard Bool.random(using: &random) else { return "\"" + units.joined() + "\"" }
        var bytes: [UInt8] = []
        bytes.appendJSONString(string)
        return String(decoding: bytes, as: UTF8.self)
    }
}
