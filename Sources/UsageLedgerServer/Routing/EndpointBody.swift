/// What an endpoint takes as a request's body.
struct EndpointBody: Sendable {
    /// Media types with the name of the schema of each.
    var schemas: [(mediaType: String, schema: String)]
}
