/// A parameter of an endpoint's URL.
struct EndpointParameter: Sendable {
    enum Kind: Sendable {
        /// Text of a form; an empty one is as good as none.
        case pattern(String)
        case words([String])
        case number(ClosedRange<Int>)
        /// Several of anything.
        case list
        /// A day or a time.
        case date
    }

    var name: String
    var kind: Kind
    var summary: String

    static let dates = [
        EndpointParameter(name: "startDate", kind: .date, summary: "The first day, or a time on it."),
        EndpointParameter(name: "endDate", kind: .date, summary: "The last day, which is included, or a time on it."),
    ]
}
