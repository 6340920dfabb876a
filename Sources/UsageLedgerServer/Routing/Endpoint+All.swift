extension Endpoint {
    /// The whole contract.
    static let all: [Endpoint] = health
}
