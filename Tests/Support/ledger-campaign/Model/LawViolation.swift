/// An answer of the ledger that is not the model's, with its place.
struct LawViolation: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) { self.description = description }
}
