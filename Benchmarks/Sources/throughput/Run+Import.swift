import Foundation
import UsageLedger

extension Run {
    /// Imports a file of each kind as people do: with the program, into a ledger with the work-load's rate card.
    func importFiles(_ found: inout Measurements) async throws {
        guard let importer, conditions.imported > 0 else { return }
        for format in EventFile.Format.allCases {
            progress("import of \(format.rawValue)")
            let file = try EventFile(format, in: directory)
            var source = source(seed: 9)
            for _ in 0..<conditions.imported { try file.write(source.next()) }
            try file.close()
            let ledger = directory + "/imported-\(format.rawValue)"
            try await Ledger.open(at: ledger, options: options).close()
            let started = Self.clock.now
            let tally = try Self.run(importer, ["import", file.path, "--ledger", ledger, "--json"])
            let seconds = (Self.clock.now - started).seconds
            guard tally["read"] as? Int == conditions.imported, tally["rejected"] as? Int == 0 else {
                throw Failure("'\(importer)' imported not all of \(conditions.imported) events: \(tally)")
            }
            found.imports.append(
                FileImport(
                    format: format.rawValue, events: conditions.imported, bytes: file.byteCount,
                    eventsPerSecond: Double(conditions.imported) / seconds))
            try FileManager.default.removeItem(atPath: file.path)
        }
    }

    /// Runs a program that prints a JSON object.
    private static func run(_ program: String, _ arguments: [String]) throws -> [String: Any] {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure("'\(program) \(arguments.joined(separator: " "))' ended with \(process.terminationStatus)")
        }
        guard let object = try JSONSerialization.jsonObject(with: bytes) as? [String: Any] else {
            throw Failure("'\(program)' printed no JSON object")
        }
        return object
    }
}
