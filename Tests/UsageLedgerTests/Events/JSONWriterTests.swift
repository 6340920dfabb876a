import Foundation
import Testing

@testable import UsageLedger

struct JSONWriterTests {
    @Test func `fields stand in the order in which they were written`() throws {
        var writer = JSONWriter()
        writer.object {
            $0.field("id", "e-1")
            $0.field("sequence", 17)
            $0.field("cost", "0.081" as Money)
            $0.field("quantity", 1500 as Quantity)
            $0.field("agent", AgentID("a-17"))
            $0.field("lead", nil as LeadID?)
            $0.field("category", nil as String?)
            $0.field("priced", true)
            $0.field("metadata", ["layer": 1] as Metadata)
            $0.field("seconds", raw: "1.5")
            $0.field("empty") { $0.object { _ in } }
            $0.field("groups") {
                $0.array {
                    $0.value(UInt64.max)
                    $0.array { _ in }
                    $0.object { $0.field("key", "x") }
                    $0.value("last")
                    $0.null()
                }
            }
        }
        #expect(
            writer.text == """
                {"id":"e-1","sequence":17,"cost":"0.081","quantity":"1500","agent":"a-17","lead":null,"category":null,\
                "priced":true,"metadata":{"layer":1},"seconds":1.5,"empty":{},\
                "groups":[18446744073709551615,[],{"key":"x"},"last",null]}
                """)
        #expect(try JSONSerialization.jsonObject(with: Data(writer.bytes)) is [String: Any])
    }

    @Test func `every character survives being written and read`() throws {
        var scalars = (UInt32(0)...0x2FF).compactMap(Unicode.Scalar.init)
        scalars += ["\u{2028}", "\u{FFFD}", "\u{FEFF}", "\u{10FFFF}", "😀"]
        for scalar in scalars {
            let string = "a\(Character(scalar))b"
            var writer = JSONWriter()
            writer.array { $0.value(string) }
            let decoded = try #require(try JSONSerialization.jsonObject(with: Data(writer.bytes)) as? [String])
            #expect(decoded == [string])
            var reader = try JSONReader(writer.bytes)
            try reader.beginArray()
            #expect(try reader.nextElement())
            #expect(try Array(reader.string().utf8) == Array(string.utf8))
        }
    }

    @Test(arguments: [
        ("\"", #""\"""#), ("\\", #""\\""#), ("/", #""/""#), ("\n\r\t\u{8}\u{C}", #""\n\r\t\b\f""#),
        ("\u{0}\u{1F}", #""\u0000\u001f""#),
        ("\u{7F}é😀", "\"\u{7F}é😀\""),
    ])
    func `only what must be escaped is`(_ string: String, _ json: String) {
        var bytes: [UInt8] = []
        bytes.appendJSONString(string)
        #expect(String(decoding: bytes, as: UTF8.self) == json)
    }

    @Test func `an error of a closure comes out as it was thrown`() {
        var writer = JSONWriter()
        let error = #expect(throws: LedgerError.self) {
            try writer.object { writer throws(LedgerError) in
                writer.field("a", 1)
                throw LedgerError(.closed, "closed")
            }
        }
        #expect(error?.code == .closed)
    }
}
