import Foundation
import UsageLedger

/// A process that flips one bit of a data file after the other, looks at the ledger each time, and flips it back.
struct BitFlipper {
    /// What came of a bit, as one byte of the file of results.
    enum Outcome: UInt8, CaseIterable {
        /// Nothing yet: the process that flipped it did not live to say.
        case none = 0
        case harmless = 0x68
        case damaged = 0x64
        case notALedger = 0x6E
        case newerFormat = 0x76
        case inputOutput = 0x69
        case refusedOtherwise = 0x6F
        case wrong = 0x77

        init(_ answer: String, truth: String) {
            switch answer {
            case truth: self = .harmless
            case "refused damaged": self = .damaged
            case "refused notALedger": self = .notALedger
            case "refused newerFormat": self = .newerFormat
            case "refused inputOutput": self = .inputOutput
            case let answer where answer.hasPrefix("refused "): self = .refusedOtherwise
            default: self = .wrong
            }
        }
    }

    let ledger: String
    let results: String
    let order: BitOrder
    let range: Range<Int>

    func run() async throws {
        let data = try FileHandle(forUpdating: URL(fileURLWithPath: ledger + "/data.mdb"))
        let said = try FileHandle(forUpdating: URL(fileURLWithPath: results))
        // The first answer is the truth: nothing is flipped yet.
        let truth = await Reader.answer(ledger)
        for place in range {
            try flip(order[place], in: data)
            let outcome = Outcome(await Reader.answer(ledger), truth: truth)
            try flip(order[place], in: data)
            try said.seek(toOffset: UInt64(place))
            try said.write(contentsOf: [outcome.rawValue])
        }
    }

    func flip(_ bit: Int, in data: FileHandle) throws {
        try data.seek(toOffset: UInt64(bit / 8))
        guard let byte = try data.read(upToCount: 1)?.first else { return }
        try data.seek(toOffset: UInt64(bit / 8))
        try data.write(contentsOf: [byte ^ 1 << UInt8(bit % 8)])
    }
}
