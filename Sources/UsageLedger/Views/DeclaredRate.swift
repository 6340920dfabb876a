import LMDB

/// (category, effective-from, sequence number of the rate's entry).
struct RateKey: TableKey {
    var category: Symbol
    var effectiveFrom: Timestamp
    var sequenceNumber: SequenceNumber

    init(category: Symbol, effectiveFrom: Timestamp, sequenceNumber: SequenceNumber) {
        self.category = category
        self.effectiveFrom = effectiveFrom
        self.sequenceNumber = sequenceNumber
    }

    static func < (left: RateKey, right: RateKey) -> Bool {
        (left.category, left.effectiveFrom, left.sequenceNumber)
            < (right.category, right.effectiveFrom, right.sequenceNumber)
    }

    func encode(into bytes: inout [UInt8]) {
        bytes.appendKey(category)
        bytes.appendKey(effectiveFrom)
        bytes.appendKey(sequenceNumber)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        try bytes.require(bytes.byteCount == 20, of: "rates")
        category = bytes.keySymbol(at: 0)
        effectiveFrom = bytes.keyTime(at: 4)
        sequenceNumber = bytes.keySequenceNumber(at: 12)
    }
}

struct DeclaredRate: TableValue {
    var record: RateRecord
    var recordedAt: Timestamp

    init(record: RateRecord, recordedAt: Timestamp) {
        self.record = record
        self.recordedAt = recordedAt
    }

    /// The rate as its entry has it, kind first, and the time.
    func encode(into bytes: inout [UInt8]) {
        bytes.appendSignedVarint(recordedAt.nanosecondsSinceEpoch)
        EntryCodec.encode(.rate(record), into: &bytes)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        (record, recordedAt) = try bytes.decodeRow("rates") { (bytes, position) throws(CodecFailure) in
            let recordedAt = Timestamp(nanosecondsSinceEpoch: try bytes.readSignedVarint(&position))
            guard case .rate(let record) = try EntryCodec.decode(bytes.extracting(position..<bytes.byteCount)) else {
                throw .invalidValue("kind")
            }
            position = bytes.byteCount
            return (record, recordedAt)
        }
    }
}

struct DeclaredProvider: TableValue {
    var record: ProviderRecord
    /// The entry that declared the provider first: of two whose patterns fit the earlier one is meant.
    var firstDeclared: SequenceNumber
    /// The entry that this declaration comes from.
    var lastDeclared: SequenceNumber

    init(record: ProviderRecord, firstDeclared: SequenceNumber, lastDeclared: SequenceNumber) {
        self.record = record
        self.firstDeclared = firstDeclared
        self.lastDeclared = lastDeclared
    }

    func encode(into bytes: inout [UInt8]) {
        RateCodec.encode(record, into: &bytes)
        bytes.appendVarint(firstDeclared.rawValue)
        bytes.appendVarint(lastDeclared.rawValue)
    }

    init(decoding bytes: RawSpan) throws(LMDBError) {
        self = try bytes.decodeRow("providers") { (bytes, position) throws(CodecFailure) in
            let record = try RateCodec.decodeProvider(bytes, &position)
            let first = SequenceNumber(try bytes.readVarint(&position))
            return DeclaredProvider(
                record: record, firstDeclared: first, lastDeclared: SequenceNumber(try bytes.readVarint(&position)))
        }
    }
}
