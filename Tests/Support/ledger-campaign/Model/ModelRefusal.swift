import UsageLedger

/// What the model expects a refused call to say.
struct ModelRefusal: Error, Equatable {
    var code: LedgerError.Code
    var index: Int?
    var sequenceNumbers: [UInt64] = []

    init(_ code: LedgerError.Code, index: Int? = nil, _ sequenceNumbers: [UInt64] = []) {
        self.code = code
        self.index = index
        self.sequenceNumbers = sequenceNumbers
    }

    init(_ error: LedgerError) {
        self.init(error.code, index: error.index, error.sequenceNumbers.map(\.rawValue))
    }

    func at(_ index: Int) -> ModelRefusal { ModelRefusal(code, index: index, sequenceNumbers) }
}
