@testable import UsageLedger

/// Lines are cut alike however the file comes, are read alike the short way and the long way, and come back from their JSON.
struct NDJSONLaws: FuzzTarget {
    static let name = "ndjson"

    private let scratch = InputScratch()
    private var decoder = EventDecoder(format: .ndjson, csv: nil)

    mutating func check(_ input: [UInt8]) throws {
        let batch = try EventLaws.batch(input, in: scratch, hasQuotes: false)
        for index in 0..<batch.count {
            let line = batch.raw(index)
            let strict = EventLaws.Verdict { () throws(FormatFailure) in try EventJSON.decodeRecord(line) }
            try hold(
                EventLaws.Verdict(&decoder, index, of: batch) == strict,
                "a line is read alike the short way and the long way")
            if case .event(let event) = strict { try EventLaws.checkJSON(of: event) }
        }
    }
}
