import Foundation
import Testing

/// What the fuzzer goes by, checked by the same laws: every input that reached code of its own, and all that ever broke a law.
@Suite(.bounded) struct FuzzCorpusTests {
    private static let corpora = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/fuzz")

    @Test(arguments: FuzzTargets.all.map { $0.name }) func `the laws hold for every input of the corpus`(_ name: String)
        throws
    {
        let type = try #require(FuzzTargets.all.first { $0.name == name })
        let inputs = try FileManager.default.contentsOfDirectory(
            at: Self.corpora.appending(path: name), includingPropertiesForKeys: nil)
        #expect(inputs.count >= 20)
        var target = type.init()
        for input in inputs.sorted(by: { $0.path < $1.path }) {
            let bytes = Array(try Data(contentsOf: input))
            #expect(throws: Never.self, "\(name)/\(input.lastPathComponent)") { try target.check(bytes) }
        }
    }

    @Test func `every corpus is that of a target`() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.corpora.path)
        #expect(names.sorted() == FuzzTargets.all.map { $0.name }.sorted())
    }
}
