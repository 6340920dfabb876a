import ArgumentParser
import Foundation
import UsageLedger

struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Record the usage events of files.",
        discussion: """
            A foreign CSV file is mapped to events:

              usage-ledger import calls.csv --id-prefix calls-2026-11 --column time=Timestamp \\
                --column usage.input_tokens=Input --column usage.output_tokens=Output \\
                --set agent=a-17 --set operation=chat --set provider=openai --set model=gpt-4

            Importing a file again adds nothing to what is recorded already: after a repair or an interruption, run the \
            same import again.
            """)

    /// Refused rows that are told one by one; a file of another kind would tell a million.
    private static let toldRejections = 20

    @OptionGroup var ledger: LedgerOptions

    @Argument(help: ArgumentHelp("The files; - is standard input.", valueName: "file"), completion: .file())
    var files: [String]

    @OptionGroup var options: ImportOptions
    @OptionGroup var remote: ServerOptions

    func validate() throws {
        if remote.url != nil, options.onError == .stop {
            throw ValidationError("over --server each row stands for itself: add --on-error skip")
        }
        for file in files { _ = try options.format(of: file) }
        if options.idPrefix != nil, files.count > 1 {
            throw ValidationError("--id-prefix is for one file: two rows of the same number would have the same id")
        }
        if let rejects = options.rejects, files.contains(where: { Self.isSameFile($0, rejects) }) {
            throw ValidationError("--rejects '\(rejects)' is one of the files to import; it would be overwritten")
        }
        if files.count(where: { $0 == "-" }) > 1 { throw ValidationError("standard input can be read once only") }
    }

    private static func isSameFile(_ left: String, _ right: String) -> Bool {
        URL(filePath: left).resolvingSymlinksInPath().standardizedFileURL
            == URL(filePath: right).resolvingSymlinksInPath().standardizedFileURL
    }

    func run() async throws {
        let mapping = try options.mapping
        // Nothing is recorded when one of the files cannot be read at all.
        for file in files where file != "-" {
            _ = try EventFileReader(path: file, format: try options.format(of: file), mapping: mapping)
        }
        let clock = ContinuousClock()
        let start = clock.now
        let server = remote.server
        let writer = server == nil ? try await ledger.openForWriting() : nil
        var tally = ImportTally()
        var failure: (any Error)?  // told after what was recorded all the same
        do {
            guard let target = server.map(BatchRecorder.Target.server) ?? writer.map(BatchRecorder.Target.ledger) else {
                preconditionFailure("there is one of the two")
            }
            try await importFiles(into: target, mapping, &tally)
        } catch {
            failure = error
        }
        do {
            try await writer?.close()
        } catch {
            failure = failure ?? error
        }
        try ledger.print {
            $0.fields(of: tally)
        } orText: {
            tally.inWords(writer?.currency ?? "") + "; \((clock.now - start).inWords).\n"
        }
        if let failure { throw failure }
        if tally.rejected > 0 { throw ExitCode.failure }
    }

    private func importFiles(
        into target: BatchRecorder.Target, _ mapping: CSVMapping, _ tally: inout ImportTally
    ) async throws {
        let rejects = options.rejects.map(RejectsFile.init)
        var rejections = 0
        defer {
            if rejections > Self.toldRejections {
                StandardError.write("and \((rejections - Self.toldRejections).grouped) more rows were refused")
            }
        }
        for file in files {
            var fileImport = FileImport(
                file: file, format: try options.format(of: file), mapping: mapping,
                recorder: BatchRecorder(target: target, onError: options.onError), rejects: rejects)
            if options.onError == .skip {
                fileImport.tell = { rejection in
                    rejections += 1
                    if rejections <= Self.toldRejections {
                        StandardError.write("refused: \(rejection.inWords(file: file))")
                    }
                }
            }
            if let rejection = try await fileImport.run(into: &tally) {
                throw CommandFailure(
                    rejection.inWords(file: file)
                        + "; the rows before it are recorded, none after it. Repair it and run "
                        + "the same import again, or leave such rows out with --on-error skip")
            }
        }
    }
}
