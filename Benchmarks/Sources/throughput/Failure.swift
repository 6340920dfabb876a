/// Why a run cannot be made or its figures not be trusted, for people.
struct Failure: Error, CustomStringConvertible {
    var description: String

    init(_ description: String) {
        self.description = description
    }
}
