import HTTPTypes
import UsageLedger

/// The contract for machines: OpenAPI 3.1, made of the endpoints themselves.
enum OpenAPIDocument {
    static let bytes: [UInt8] = {
        var writer = JSONWriter()
        writer.object { writer in
            writer.field("openapi", "3.1.0")
            writer.field("info") { writer in
                writer.object { writer in
                    writer.field("title", "Usage Ledger")
                    writer.field("version", "1")
                    writer.field("description", "What AI agents use and what it costs: recorded once, priced exactly.")
                }
            }
            writer.field("paths") { writer in
                writer.object { writer in
                    var paths: [String] = []
                    for endpoint in Endpoint.all where !paths.contains(endpoint.path) { paths.append(endpoint.path) }
                    for path in paths {
                        writer.field(template(path)) { writer in
                            writer.object { writer in
                                for endpoint in Endpoint.all where endpoint.path == path {
                                    writer.field(endpoint.method.rawValue.lowercased()) { $0.operation(endpoint) }
                                }
                            }
                        }
                    }
                }
            }
            writer.field("components") { $0.components() }
        }
        return writer.bytes
    }()

    /// `/usage/:agentId` as `/usage/{agentId}`.
    private static func template(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).map { part in
            part.hasPrefix(":") ? "{\(part.dropFirst())}" : String(part)
        }.joined(separator: "/")
    }
}

extension JSONWriter {
    /// Statuses that any endpoint with a caller may answer with, beside its own.
    private static let refusals = [
        (400, "A parameter, field or event is at fault; `details` names it."), (401, "No valid key."),
        (403, "The key is for another agent or another role."), (404, "There is no such thing."),
        (409, "Recorded before with other content."), (413, "Larger than the limit."), (414, "The URL is too long."),
        (415, "A media type or encoding that is not taken."), (429, "Too many requests; see Retry-After."),
        (500, "The service failed; its log says why."), (503, "Not at the moment; see Retry-After."),
    ]

    fileprivate mutating func operation(_ endpoint: Endpoint) {
        object { writer in
            writer.field("summary", endpoint.summary)
            writer.field("parameters") { writer in
                writer.array { writer in
                    for part in endpoint.path.split(separator: "/") where part.hasPrefix(":") {
                        writer.object { writer in
                            writer.field("name", String(part.dropFirst()))
                            writer.field("in", "path")
                            writer.field("required", true)
                            writer.field("schema") { Schema.name.write(to: &$0) }
                        }
                    }
                    for parameter in endpoint.parameters { writer.object { $0.fields(of: parameter) } }
                }
            }
            if let body = endpoint.body {
                writer.field("requestBody") { writer in
                    writer.object { writer in
                        writer.field("required", true)
                        writer.field("content") { writer in
                            writer.object { writer in
                                for (type, schema) in body.schemas {
                                    writer.field(type) { $0.object { $0.schema(.reference(schema)) } }
                                }
                            }
                        }
                    }
                }
            }
            writer.field("responses") { $0.responses(endpoint) }
            if case .open = endpoint.permission { return }
            writer.field("security") { writer in
                writer.array { writer in
                    writer.object { $0.field("bearer") { $0.array { _ in } } }
                    // Without keys this machine needs none.
                    writer.object { _ in }
                }
            }
        }
    }

    private mutating func fields(of parameter: EndpointParameter) {
        field("name", parameter.name)
        field("in", "query")
        field("description", parameter.summary)
        switch parameter.kind {
        case .pattern(let pattern): schema(.either([.pattern(pattern), .words([""])]))
        case .date: schema(.either([.pattern(Schema.dayText), .pattern(Schema.timeText), .words([""])]))
        // An empty parameter is as good as none.
        case .words(let words): schema(.words(words + [""]))
        case .list: schema(.array(.string))
        case .number(let range): schema(.within(range))
        }
    }

    private mutating func schema(_ schema: Schema) { field("schema") { schema.write(to: &$0) } }

    private mutating func responses(_ endpoint: Endpoint) {
        object { writer in
            var statuses: [Int] = []
            for answer in endpoint.answers where !statuses.contains(answer.status) { statuses.append(answer.status) }
            for status in statuses {
                let answers = endpoint.answers.filter { $0.status == status }
                writer.field(String(status)) { writer in
                    writer.object { writer in
                        writer.field("description", answers.map(\.summary).joined(separator: " "))
                        writer.field("content") { writer in
                            writer.object { writer in
                                for answer in answers {
                                    guard let type = answer.mediaType, let schema = answer.schema else { continue }
                                    writer.field(type) { $0.object { $0.schema(Self.body(type, schema)) } }
                                }
                            }
                        }
                    }
                }
            }
            if case .report = endpoint.handling {
                writer.field("304") {
                    $0.object { $0.field("description", "Nothing has changed since the ETag given.") }
                }
            }
            if case .open = endpoint.permission { return }
            for (status, summary) in Self.refusals where !statuses.contains(status) {
                writer.field(String(status)) { writer in
                    writer.object { writer in
                        writer.field("description", summary)
                        writer.field("content") { writer in
                            writer.object { writer in
                                writer.field("application/json") { $0.object { $0.schema(.reference("Error")) } }
                            }
                        }
                    }
                }
            }
        }
    }

    /// JSON comes in the envelope, except for errors and the document itself.
    private static func body(_ mediaType: String, _ schema: String) -> Schema {
        guard mediaType == "application/json", !["Error", "OpenAPI"].contains(schema) else { return .reference(schema) }
        return .fields(
            .field("success", .boolean) + .field("data", .reference(schema))
                + .field("metadata", .reference("Metadata")))
    }

    fileprivate mutating func components() {
        object { writer in
            writer.field("schemas") { writer in
                writer.object { writer in
                    for (name, schema) in Schema.requests + Schema.answers {
                        writer.field(name) { schema.write(to: &$0) }
                    }
                }
            }
            writer.field("securitySchemes") { writer in
                writer.object { writer in
                    writer.field("bearer") { writer in
                        writer.object { writer in
                            writer.field("type", "http")
                            writer.field("scheme", "bearer")
                        }
                    }
                }
            }
        }
    }
}
