import HTTPTypes
import UsageLedger

/// What a request was answered with.
struct Answer: Sendable {
    var status: Int
    var headers: HTTPFields
    var text: String

    /// The body as JSON.
    var json: JSONValue? { try? JSONValue(document: Array(text.utf8)) }

    /// A part of the envelope's `data`: names of members, numbers of elements.
    func data(_ path: String...) -> JSONValue? { Self.find(["data"] + path, in: json) }

    /// A part of the answer.
    func part(_ path: String...) -> JSONValue? { Self.find(path, in: json) }

    /// The field that the first detail of an error names.
    var field: String? { part("details", "0", "field")?.text }

    private static func find(_ path: [String], in value: JSONValue?) -> JSONValue? {
        var value = value
        for step in path {
            if let elements = value?.elements {
                guard let index = Int(step), elements.indices.contains(index) else { return nil }
                value = elements[index]
            } else {
                value = value?[step]
            }
        }
        return value
    }
}
