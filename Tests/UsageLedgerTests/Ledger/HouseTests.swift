import Foundation
import Testing

/// The order of the house: dependencies point one way, pointers stay in one place.
@Suite(.bounded) struct HouseTests {
    private struct File {
        var path: String
        var layer: Int
        /// Without comments and strings.
        var code: String
    }

    private static let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources")

    /// Folders from the top of the data's way to its end; those of one line are one layer.
    private static let layers = [
        ["CLMDB"], ["LMDB"], ["UsageLedger/Events"], ["UsageLedger/Pricing"], ["UsageLedger/Log"],
        ["UsageLedger/Projection"], ["UsageLedger/Views"], ["UsageLedger/Writing", "UsageLedger/Ledger"],
        ["UsageLedger/Reports", "UsageLedger/Audit"],
    ]

    private static func files() throws -> [File] {
        let names = FileManager.default.enumerator(atPath: sources.path)?.compactMap { $0 as? String } ?? []
        return try names.filter { $0.hasSuffix(".swift") }.sorted().compactMap { name in
            guard let layer = layers.firstIndex(where: { $0.contains { name.hasPrefix($0) } }) else { return nil }
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            return File(path: name, layer: layer, code: code(of: text))
        }
    }

    static func code(of text: String) -> String {
        text.replacing(/\"\"\"[\s\S]*?\"\"\"/, with: "\"\"")
            .replacing(/"(?:[^"\\\n]|\\.)*"/, with: "\"\"")
            .replacing(/\/\*[\s\S]*?\*\//, with: "")
            .replacing(/\/\/[^\n]*/, with: "")
    }

    /// Types declared at a file's own level: those within others are named through these.
    private static func declarations(in code: String) -> [String] {
        code.matches(
            of:
                /(?m)^(?:@\w+ )*(?:(?:public|package|internal|final|indirect) )*(?:struct|class|enum|actor|protocol|typealias) (\w+)/
        ).map { String($0.1) }
    }

    @Test func `no file names a type that is declared in a folder below its own`() throws {
        let files = try Self.files()
        #expect(files.count > 100)
        var layerOfType: [String: Int] = [:]
        for file in files {
            for name in Self.declarations(in: file.code) {
                layerOfType[name] = min(layerOfType[name] ?? .max, file.layer)
            }
        }
        #expect(layerOfType["EventLog"] == 4 && layerOfType["Ledger"] == 7 && layerOfType["Verification"] == 8)
        var violations: [String] = []
        for file in files {
            let words = Set(file.code.matches(of: /(?:^|[^.\w])([A-Z]\w*)/).map { String($0.1) })
            for word in words.sorted() {
                if let layer = layerOfType[word], layer > file.layer { violations.append("\(file.path) names \(word)") }
            }
        }
        #expect(violations == [])
    }

    @Test func `pointers and LMDB's own interface stay in LMDB`() throws {
        // System calls take addresses; a flush looks at the views beside readers, outside of their lock.
        let allowed = [
            "UsageLedger/Writing/ProcessLock.swift", "UsageLedger/Events/Formats/InputFile.swift",
            "UsageLedger/Writing/LedgerState.swift",
        ]
        var violations: [String] = []
        for file in try Self.files() where !file.path.hasPrefix("LMDB/") {
            if file.code.contains(/import CLMDB/) { violations.append("\(file.path) imports CLMDB") }
            if file.code.contains(/\bUnsafe\w+|withUnsafe\w+|@unchecked|\bunsafe\b|unsafeBitCast/),
                !allowed.contains(file.path)
            {
                violations.append("\(file.path) holds a pointer")
            }
        }
        #expect(violations == [])
    }

    @Test func `comments and strings are not code`() {
        let text = "let a = \"Unsafe // x\" // Ledger\n/* Ledger */ let b = Money(\"\\\"Ledger\")"
        #expect(!Self.code(of: text).contains("Ledger") && !Self.code(of: text).contains("Unsafe"))
        #expect(Self.code(of: text).contains("Money"))
    }
}
