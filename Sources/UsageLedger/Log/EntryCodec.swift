import LMDB

/// Entries to and from bytes. One entry has exactly one encoding; the article "Log format" describes it byte by byte.
///
/// The first byte is the entry's kind. A changed layout is a new kind, and a kind once written is read for ever.
enum EntryCodec {
    enum Kind: UInt8 {
        case symbol = 1
        case usage = 2
        case void = 3
        case replacement = 4
        case category = 5
        case rate = 6
        case budget = 7
        case budgetRemoval = 8
        case setting = 9
        case acknowledgement = 10
        /// Usage, voids and replacements with lines of several charges.
        case chargedUsage = 11
        case chargedVoid = 12
        case chargedReplacement = 13
        /// A rate with more than an amount and a moment.
        case conditionalRate = 14
        case provider = 15
        case rerating = 16
        /// In recovered ledgers only.
        case lost = 17

        /// Whether lines say what each component adds.
        var hasCharges: Bool {
            switch self {
            case .chargedUsage, .chargedVoid, .chargedReplacement, .rerating: true
            default: false
            }
        }

        /// The format version that brought a kind.
        static func version(of kind: UInt8) -> UInt16 {
            kind <= acknowledgement.rawValue ? 1 : kind <= rerating.rawValue ? 2 : 3
        }

        var isUsage: Bool { self == .usage || self == .chargedUsage }
    }

    static func encode(_ entry: Entry, into bytes: inout [UInt8]) {
        switch entry {
        case .symbol(let definition):
            bytes.append(Kind.symbol.rawValue)
            bytes.append(definition.symbol)
            bytes.append(contentsOf: definition.text.utf8)
        case .usage(let record):
            let hasCharges = record.lines.haveCharges
            bytes.append((hasCharges ? Kind.chargedUsage : .usage).rawValue)
            UsageCodec.encode(record, withCharges: hasCharges, into: &bytes)
        case .void(let record):
            let hasCharges = record.effect.lines.haveCharges
            bytes.append((hasCharges ? Kind.chargedVoid : .void).rawValue)
            encodeAdjustment(record.target, record.reason, record.effect, withCharges: hasCharges, into: &bytes)
        case .replacement(let record):
            let hasCharges = record.effect.lines.haveCharges || record.usage.lines.haveCharges
            bytes.append((hasCharges ? Kind.chargedReplacement : .replacement).rawValue)
            encodeAdjustment(record.target, record.reason, record.effect, withCharges: hasCharges, into: &bytes)
            UsageCodec.encode(record.usage, withCharges: hasCharges, into: &bytes)
        case .rerating(let record):
            bytes.append(Kind.rerating.rawValue)
            encodeAdjustment(record.target, record.reason, record.effect, withCharges: true, into: &bytes)
            bytes.appendVarint(record.inputSize.map { UInt64($0) + 1 } ?? 0)
            UsageCodec.encode(record.lines, .charges, into: &bytes)
        case .category(let record):
            bytes.append(Kind.category.rawValue)
            DeclarationCodec.encode(record, into: &bytes)
        case .rate(let record):
            bytes.append((record.rate(of: "").isPlain ? Kind.rate : .conditionalRate).rawValue)
            RateCodec.encode(record, into: &bytes)
        case .provider(let record):
            bytes.append(Kind.provider.rawValue)
            RateCodec.encode(record, into: &bytes)
        case .budget(let record):
            bytes.append(Kind.budget.rawValue)
            DeclarationCodec.encode(record, into: &bytes)
        case .budgetRemoval(let identity):
            bytes.append(Kind.budgetRemoval.rawValue)
            DeclarationCodec.encode(identity, into: &bytes)
        case .setting(let record):
            bytes.append(Kind.setting.rawValue)
            bytes.append(record.kind.rawValue)
            bytes.append(record.agent)
            bytes.append(contentsOf: record.value.utf8)
        case .acknowledgement(let key):
            bytes.append(Kind.acknowledgement.rawValue)
            bytes.append(key.agent)
            bytes.appendVarint(key.sequenceNumber.rawValue)
            bytes.appendVarint(UInt64(key.ordinal))
        case .lost:
            bytes.append(Kind.lost.rawValue)
        }
    }

    /// - Throws: `CodecFailure` for anything that ``encode(_:into:)`` cannot have written.
    static func decode(_ bytes: RawSpan) throws(CodecFailure) -> Entry {
        var position = 0
        let entry = try decodeEntry(bytes, &position)
        guard position == bytes.byteCount else { throw .trailingBytes }
        return entry
    }

    private static func decodeEntry(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> Entry {
        let byte = try bytes.readByte(&position)
        guard let kind = Kind(rawValue: byte) else { throw .unknownKind(byte) }
        switch kind {
        case .symbol:
            let symbol = try bytes.readDefinedSymbol(&position, "symbol")
            return .symbol(SymbolDefinition(symbol: symbol, text: try readRestAsText(bytes, &position)))
        case .usage, .chargedUsage:
            return .usage(try UsageCodec.decode(bytes, &position, withCharges: kind.hasCharges))
        case .void, .chargedVoid:
            let (target, reason, effect) = try decodeAdjustment(bytes, &position, withCharges: kind.hasCharges)
            return .void(VoidRecord(target: target, reason: reason, effect: effect))
        case .replacement, .chargedReplacement:
            let (target, reason, effect) = try decodeAdjustment(bytes, &position, withCharges: kind.hasCharges)
            let usage = try UsageCodec.decode(bytes, &position, withCharges: kind.hasCharges)
            return .replacement(ReplacementRecord(target: target, reason: reason, effect: effect, usage: usage))
        case .rerating:
            let (target, reason, effect) = try decodeAdjustment(bytes, &position, withCharges: true)
            let size = try bytes.readVarint(&position)
            guard size <= UInt64(Quantity.lineRange.upperBound.millionths) + 1 else {
                throw .invalidValue("input size")
            }
            let lines = try UsageCodec.decodeLines(bytes, &position, .charges)
            return .rerating(
                ReratingRecord(
                    target: target, reason: reason, effect: effect, inputSize: size == 0 ? nil : Int64(size - 1),
                    lines: lines))
        case .category:
            return .category(try DeclarationCodec.decodeCategory(bytes, &position))
        case .rate:
            return .rate(try RateCodec.decodePlainRate(bytes, &position))
        case .conditionalRate:
            return .rate(try RateCodec.decodeConditionalRate(bytes, &position))
        case .provider:
            return .provider(try RateCodec.decodeProvider(bytes, &position))
        case .budget:
            return .budget(try DeclarationCodec.decodeBudget(bytes, &position))
        case .budgetRemoval:
            return .budgetRemoval(try DeclarationCodec.decodeBudgetIdentity(bytes, &position))
        case .setting:
            guard let kind = SettingRecord.Kind(rawValue: try bytes.readByte(&position)) else {
                throw .invalidValue("setting")
            }
            let agent = try bytes.readSymbol(&position)
            return .setting(SettingRecord(kind: kind, agent: agent, value: try readRestAsText(bytes, &position)))
        case .acknowledgement:
            let agent = try bytes.readSymbol(&position)
            let sequenceNumber = SequenceNumber(try bytes.readVarint(&position))
            guard let ordinal = UInt16(exactly: try bytes.readVarint(&position)) else { throw .malformedNumber }
            return .acknowledgement(AlertKey(agent: agent, sequenceNumber: sequenceNumber, ordinal: ordinal))
        case .lost:
            return .lost
        }
    }

    private static func readRestAsText(_ bytes: RawSpan, _ position: inout Int) throws(CodecFailure) -> String {
        guard let text = bytes.string(in: position..<bytes.byteCount) else { throw .invalidText }
        position = bytes.byteCount
        return text
    }

    private static func encodeAdjustment(
        _ target: SequenceNumber, _ reason: String, _ effect: UsageEffect, withCharges: Bool,
        into bytes: inout [UInt8]
    ) {
        bytes.appendVarint(target.rawValue)
        bytes.appendText(reason)
        UsageCodec.encode(effect, withCharges: withCharges, into: &bytes)
    }

    fileprivate static func decodeAdjustment(
        _ bytes: RawSpan, _ position: inout Int, withCharges: Bool
    ) throws(CodecFailure) -> (SequenceNumber, String, UsageEffect) {
        let target = SequenceNumber(try bytes.readVarint(&position))
        let reason = try bytes.readText(&position)
        return (target, reason, try UsageCodec.decodeEffect(bytes, &position, withCharges: withCharges))
    }
}

extension EntryCodec {
    /// Where the flags of a replacement's usage stand: behind what it takes away.
    static func usagePosition(
        ofReplacement bytes: RawSpan, _ range: Range<Int>
    ) throws(CodecFailure) -> (position: Int, withCharges: Bool) {
        var position = range.lowerBound
        let withCharges = Kind(rawValue: try bytes.readByte(&position))?.hasCharges ?? false
        _ = try decodeAdjustment(bytes, &position, withCharges: withCharges)
        return (position, withCharges)
    }
}

extension EntryCodec {
    /// The id of the event that an encoded entry records, replacements left out; nil for other entries.
    static func usageID(of entry: RawSpan) -> StoredEventID? {
        guard entry.byteCount > 0, let kind = Kind(rawValue: entry.byte(at: 0)), kind.isUsage else { return nil }
        var position = 1
        guard let layout = try? UsageLayout(entry, &position, withCharges: kind.hasCharges) else { return nil }
        return StoredEventID(form: layout.idForm, bytes: entry.array(in: layout.idRange))
    }
}
