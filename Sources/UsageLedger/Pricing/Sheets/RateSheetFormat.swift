/// The formats of price sheets.
public enum RateSheetFormat: String, Sendable, CaseIterable {
    /// The ledger's own: loses nothing.
    case usageLedger = "usage-ledger"
    /// The price sheet that comes with LiteLLM, `model_prices_and_context_window.json`.
    case litellm
    /// The price table of genai-prices, its `data.json`.
    case genAIPrices = "genai-prices"
}

extension RateSheet {
    /// Reads a price sheet.
    ///
    /// - Parameters:
    ///   - bytes: JSON text, at most ``Limits/rateSheetBytes``.
    ///   - format: its format; nil to tell by the text: the ledger's own names itself, genai-prices is a list.
    /// - Throws: ``LedgerError`` with code `invalidSheet` for a text that is not a sheet of the format, and for one in which no
    ///   price is understood. A part that is not understood is in ``notUnderstood`` instead, but for the ledger's own
    ///   format, which is refused.
    /// - Complexity: O(length).
    public init(parsing bytes: [UInt8], format: RateSheetFormat? = nil) throws(LedgerError) {
        do throws(LedgerError) {
            try self.init(reading: bytes, format)
        } catch {
            throw LedgerError(.invalidSheet, error.message, field: error.field)
        }
    }

    private init(reading bytes: [UInt8], _ format: RateSheetFormat?) throws(LedgerError) {
        guard bytes.count <= Limits.rateSheetBytes else {
            throw LedgerError(.invalidSheet, "the sheet has more than \(Limits.rateSheetBytes) bytes")
        }
        let json: JSONValue
        do throws(FormatFailure) {
            json = try JSONValue(parsing: bytes)
        } catch {
            throw LedgerError(.invalidSheet, "the sheet is \(error.ledgerError.message)")
        }
        let named: RateSheetFormat
        if let format { named = format } else { named = try Self.format(of: json) }
        switch named {
        case .usageLedger:
            self = try RateCardJSON.read(json)
            return
        case .litellm: self = try LiteLLMSheet.read(json)
        case .genAIPrices: self = try GenAIPricesSheet.read(json)
        }
        guard !rates.isEmpty else {
            let reason = notUnderstood.first.map { "; \($0.name): \($0.reason)" } ?? ""
            throw LedgerError(.invalidSheet, "no price is understood in the sheet, read as \(named.rawValue)\(reason)")
        }
    }

    /// Reads a price sheet from a file; `-` is standard input.
    ///
    /// - Throws: ``LedgerError``: `inputOutput` and `permissionDenied` naming the file; as ``init(parsing:format:)``.
    public init(contentsOf path: String, format: RateSheetFormat? = nil) throws(LedgerError) {
        let file = try InputFile(path: path)
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 18)
        while true {
            let count = try file.read(into: &chunk)
            guard count > 0, bytes.count <= Limits.rateSheetBytes else { break }
            bytes += chunk[..<count]
        }
        do throws(LedgerError) {
            try self.init(parsing: bytes, format: format)
        } catch {
            throw LedgerError(error.code, "\(path): \(error.message)", field: error.field)
        }
    }

    private static func format(of json: JSONValue) throws(LedgerError) -> RateSheetFormat {
        if json.elements != nil { return .genAIPrices }
        guard let members = json.members else {
            throw .invalidArgument("rates", "the sheet is neither an object nor a list")
        }
        return members.contains { $0.key == "format" && $0.value == .string(RateCardJSON.name) }
            ? .usageLedger : .litellm
    }
}

extension RateCard {
    /// A card with what a sheet says, known to no ledger.
    public init(_ sheet: RateSheet) {
        self.init()
        add(sheet)
    }

    /// Adds what a sheet says, as if it had become known now: equal rates give way to it.
    public mutating func add(_ sheet: RateSheet) {
        for category in sheet.categories { set(category) }
        for rate in sheet.rates {
            add(KnownRate(rate: rate, sequenceNumber: .zero, recordedAt: Limits.earliestTime))
        }
        for provider in sheet.providers { set(provider) }
    }
}
