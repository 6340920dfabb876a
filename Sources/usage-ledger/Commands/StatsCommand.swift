import ArgumentParser
import UsageLedger

struct StatsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "How large the ledger is, part by part.")

    @OptionGroup var ledger: LedgerOptions

    func run() async throws {
        let statistics = try await ledger.openForReading().statistics()
        try ledger.print {
            $0.fields(of: statistics)
        } orText: {
            statistics.text
        }
    }
}

extension JSONWriter {
    fileprivate mutating func fields(of statistics: LedgerStatistics) {
        field("sequence", statistics.sequenceNumber.rawValue)
        field("checkpoint", statistics.checkpoint.rawValue)
        field("events", statistics.events)
        field("agents", statistics.agents)
        field("fileBytes", statistics.fileBytes)
        field("mapBytes", statistics.mapBytes)
        field("readers", statistics.readers)
        field("parts") { writer in
            writer.array { writer in
                for part in statistics.parts {
                    writer.object { writer in
                        writer.field("name", part.name)
                        writer.field("rows", part.rows)
                        writer.field("bytes", part.bytes)
                    }
                }
            }
        }
    }
}

extension LedgerStatistics {
    fileprivate var text: String {
        var table = Table(.text("Part"), .number("Rows"), .number("Bytes"))
        for part in parts { table.add(part.name, part.rows.grouped, part.bytes.grouped) }
        return """
            \(sequenceNumber.rawValue.grouped) entries; the stored views stand at entry \(checkpoint.rawValue.grouped).
            \(events.grouped) usage events of \(agents.grouped) agents count.
            \(fileBytes.grouped) bytes in use, free pages included, of \(mapBytes.grouped) reserved; \(readers.grouped) \
            open read transactions.


            """ + table.text
    }
}
