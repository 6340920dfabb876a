/// One way in which an endpoint answers.
struct EndpointAnswer: Sendable {
    var status: Int
    var summary: String
    /// Nil for an answer without a body.
    var mediaType: String?
    /// The name of the schema of the body, or of `data` in the envelope.
    var schema: String?

    static func data(_ schema: String, _ summary: String) -> [EndpointAnswer] {
        [EndpointAnswer(status: 200, summary: summary, mediaType: "application/json", schema: schema)]
    }
}
