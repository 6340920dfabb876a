import Testing

@testable import UsageLedger
@testable import ledger_campaign

struct JSONReaderTests {
    private func check(_ text: String, depthLimit: Int = 32) throws(FormatFailure) {
        var reader = try JSONReader(Array(text.utf8), depthLimit: depthLimit)
        try reader.skipValue()
        try reader.finish()
    }

    @Test(arguments: [
        "{}", "[]", "0", "-0", "1.5", "1e400", "-1.5E+10", "\"\"", "true", "false", "null",
        " [ 1 , \"a\" , { } ] \r\n\t",
        #"{"a":{"b":[1,2,{"c":null}]},"a":1}"#, #""\u0000\ud83d\ude00\/\"\\\b\f\n\r\t""#, "\"é😀\u{7F}\u{2028}\"",
        "[[[[[[[[]]]]]]]]",
    ])
    func `JSON is read`(_ text: String) throws {
        try check(text)
    }

    @Test(arguments: [
        // Text, and the byte (from 0) at which it is no JSON.
        ("[1,]", 3), ("[,1]", 1), ("[1 2]", 3), ("{\"a\"}", 4), ("{\"a\":}", 5), ("{\"a\":1,}", 7), ("{a:1}", 1),
        ("{'a':1}", 1),
        ("[1}", 2), ("{\"a\":1]", 6), ("01", 1), ("1.", 2), ("+1", 0), (".5", 0), ("-", 1), ("1e", 2), ("1e+", 3),
        ("NaN", 0),
        ("Infinity", 0), ("0x10", 1), ("nul", 3), ("nulL", 3), ("True", 0), ("tru e", 3), ("{} {}", 3), ("\"\t\"", 1),
        ("\"\u{0}\"", 1), ("\u{0}", 0), ("\"\\x\"", 2), ("\"\\u12G4\"", 5), ("[1]\u{0}", 3), ("// no\n1", 0),
        ("\u{FEFF}1", 0),
        ("\u{A0}1", 0),
    ])
    func `what is no JSON is refused at its byte`(_ text: String, _ offset: Int) {
        let failure = #expect(throws: FormatFailure.self) { try check(text) }
        #expect(failure?.offset == offset)
        #expect(failure.map { $0.problem == .malformed || $0.problem == .truncated } == true)
    }

    @Test func `every truncated document is refused`() throws {
        let text = #"{"a":[1.5e3,"x\u00e9\ud83d\ude00",true,null],"b":{"c":-2}}"#
        try check(text)
        for length in 0..<text.utf8.count {
            #expect(throws: FormatFailure.self, "\(length)") { try check(String(text.prefix(length))) }
        }
    }

    @Test(arguments: [
        #""\ud800""#, #""\udc00""#, #""\ud800x""#, #""\ud800\n""#, #""\ud800\ud800""#, #""\udc00\ud800""#,
        #""\udc00\udc00""#,
        #""\ud83d\u0041""#,
    ])
    func `half of a surrogate pair is refused`(_ text: String) {
        #expect(throws: FormatFailure(.unpairedSurrogate, offset: 1)) { try check(text) }
    }

    @Test(
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22],
            [0x22, 0xF5, 0x80, 0x80, 0x80, 0x22],
            [0x22, 0xE2, 0x82, 0x22],
        ] as [[UInt8]])
    func `invalid UTF-8 is refused`(_ bytes: [UInt8]) {
        #expect(throws: FormatFailure(.invalidUTF8, offset: 1)) { _ = try JSONReader(bytes) }
    }

    @Test func `nesting is limited, however deep it would go`() throws {
        try check(String(repeating: "[", count: 32) + String(repeating: "]", count: 32))
        for text in [String(repeating: "[", count: 1_000_000), String(repeating: #"{"a":"#, count: 200_000)] {
            let failure = #expect(throws: FormatFailure.self) { try check(text) }
            #expect(failure?.problem == .tooDeep)
        }
    }

    @Test(arguments: [
        (#""""#, ""), (#""plain""#, "plain"), (#""\u0041\u00e9\u20AC\ud83d\ude00""#, "Aé€😀"),
        (#""a\"b\\c\/d""#, "a\"b\\c/d"),
        (#""\b\f\n\r\t\u0000""#, "\u{8}\u{C}\n\r\t\0"), (#""é\u0301""#, "é\u{301}"), (#""\udbff\udfff""#, "\u{10FFFF}"),
    ])
    func `strings are decoded`(_ text: String, _ string: String) throws {
        var reader = try JSONReader(Array(text.utf8))
        #expect(try Array(reader.string().utf8) == Array(string.utf8))
    }

    @Test func `a range of bytes is read as if it stood alone`() throws {
        let bytes = Array("xx [1, 2]]yy".utf8)
        var reader = try JSONReader(bytes, in: 2..<9)
        try reader.beginArray()
        #expect(try reader.nextElement())
        #expect(try bytes[reader.number()].elementsEqual("1".utf8))
        #expect(try reader.nextElement())
        #expect(try bytes[reader.number()].elementsEqual("2".utf8))
        #expect(try !reader.nextElement())
        try reader.finish()
    }

    @Test func `random bytes never do worse than being refused`() {
        let seed: UInt64 = 4711
        var random = SeededRandom(seed: seed)
        let alphabet = Array(#"{}[]",:\u0123456789eE+-.truefalsnd\#u{0}é "#.utf8)
        for _ in 0..<20_000 {
            let bytes = (0..<Int.random(in: 0..<40, using: &random)).map { _ in
                alphabet.randomElement(using: &random) ?? 0
            }
            _ = try? EventJSON.decode(bytes)
            _ = try? CloudEvents.decode(bytes)
            guard let metadata = try? Metadata(parsing: bytes) else { continue }
            #expect(Metadata.isCanonical(metadata.bytes), "seed \(seed)")
        }
    }
}
