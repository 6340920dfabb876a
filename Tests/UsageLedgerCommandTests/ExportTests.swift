import Foundation
import Testing

@Suite(.bounded) struct ExportTests {
    private static func filled() async throws -> Tool {
        let tool = try await Tool.withLedger()
        let first =
            #"{"id":"e \"1\", x","agent":"a","lead":"l","operation":"o","time":"2026-01-30T01:02:03.5Z","provider":"openai","#
            + #""model":"gpt-4.1","usage":{"input_tokens":1500,"output_tokens":600},"context":{"region":"eu"},"#
            + #""metadata":{"note":"a,\"b\"\n"}}"#
        let second =
            #"{"id":"e-2","agent":"a","operation":"o","time":"2026-02-01T00:00:00Z","#
            + #""lines":[{"category":"scraperapi_request","quantity":0.5}]}"#
        try tool.write("\(first)\n\(second)\n\(Events.search("other", agent: "b"))", to: "e.ndjson")
        let result = try await tool.run("import", "e.ndjson")
        guard result.exitCode == 0 else { throw Tool.Failure(result.errors) }
        guard try await tool.run("void", "e-2", "--reason", "test").exitCode == 0 else { throw Tool.Failure("void") }
        return tool
    }

    @Test func `lines are exported as CSV`() async throws {
        let result = try await Self.filled().run("export", "--agent", "a", "--format", "csv")
        #expect(result.exitCode == 0)
        let lines = result.lines
        #expect(lines.count == 4)
        #expect(
            lines[0]
                == "sequence,recordedAt,id,agent,lead,operation,time,day,provider,model,category,usageClass,quantity,"
                + "cost,rate,adjusted,context,metadata")
        #expect(
            lines[1].contains(
                #","e ""1"", x",a,l,o,2026-01-30T01:02:03.500Z,2026-01-30,openai,gpt-4.1,openai_gpt4_input,input_tokens,"#
                    + "1500,0.045,"))
        #expect(lines[1].hasSuffix(#",false,"{""region"":""eu""}","{""note"":""a,\""b\""\n""}""#))
        #expect(lines[3].contains(",scraperapi_request,,0.5,,,true,"))
    }

    @Test func `lines are exported as JSON and NDJSON`() async throws {
        let tool = try await Self.filled()
        let ndjson = try await tool.run("export", "--agent", "a", "--format", "ndjson")
        #expect(ndjson.lines.count == 3)
        #expect(
            ndjson.lines[2].contains(
                #""category":"scraperapi_request","usageClass":null,"quantity":"0.5","cost":null,"rate":null,"#
                    + #""adjusted":true,"context":{},"metadata":null}"#))
        let json = try await tool.run("export", "--agent", "a", "--format", "json")
        #expect(json.output == "[\n" + ndjson.lines.joined(separator: ",\n") + "\n]\n")
        let array = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]]
        #expect(array?.count == 3)
        #expect((array?.first?["metadata"] as? [String: Any])?["note"] as? String == "a,\"b\"\n")
    }

    @Test func `days narrow an export, and an agent without usage has none`() async throws {
        let tool = try await Self.filled()
        #expect(
            try await tool.run("export", "--agent", "a", "--to", "2026-01-31", "--format", "ndjson").lines.count == 2)
        #expect(try await tool.run("export", "--agent", "nobody", "--format", "json").output == "[]\n")
        #expect(try await tool.run("export", "--agent", "nobody", "--json").output == "[]\n")
        #expect(try await tool.run("export", "--agent", "nobody", "--format", "ndjson").output == "")
    }

    @Test func `a reader that has seen enough ends the export quietly`() async throws {
        let tool = try await Tool.withLedger()
        try tool.write(Events.searches(3000), to: "e.ndjson")
        #expect(try await tool.run("import", "e.ndjson").exitCode == 0)
        let result = try await tool.shell(
            #""$TOOL" export --agent a-17 --format ndjson | head -1; echo ${PIPESTATUS[0]}"#)
        #expect(result.errors == "")
        #expect(result.lines.count == 2 && result.lines.last == "0")
    }

    @Test func `an output that cannot be written is an error`() async throws {
        let tool = try await Self.filled()
        let result = try await tool.shell(#""$TOOL" export --agent a > /dev/full"#)
        #expect(result.exitCode == 1)
        #expect(result.errors == "error: standard output: the disk is full; free some space and try again\n")
    }
}
