import UsageLedger

/// A JSON schema (2020-12, as OpenAPI 3.1 has it), as much of it as the contract needs.
indirect enum Schema: Sendable {
    case string, day, time, number, integer, boolean, object, any
    case words([String])
    /// Text that a regular expression (ECMA 262) describes.
    case pattern(String)
    /// Numbers within a range.
    case within(ClosedRange<Int>)
    case array(Schema)
    case map(Schema)
    case nullable(Schema)
    case reference(String)
    case either([Schema])
    case fields([Field])
    /// An object with these fields and no others, or with others of names and values that are described.
    case closed([Field], others: (name: String, value: [Schema])? = nil)
    /// Values by name: at most so many, and at least so many.
    case entries(ClosedRange<Int>, name: String, Schema)
    /// At least and at most so many elements.
    case list(ClosedRange<Int>, Schema)

    struct Field: Sendable {
        var name: String
        var schema: Schema
        var isRequired = true
    }

    func write(to writer: inout JSONWriter) {
        writer.object { writer in
            switch self {
            case .string: writer.field("type", "string")
            case .day:
                writer.field("type", "string")
                writer.field("format", "date")
            case .time:
                writer.field("type", "string")
                writer.field("format", "date-time")
            case .number: writer.field("type", "number")
            case .integer: writer.field("type", "integer")
            case .boolean: writer.field("type", "boolean")
            case .object: writer.field("type", "object")
            case .any: break
            case .words(let words):
                writer.field("type", "string")
                writer.field("enum") { writer in writer.array { for word in words { $0.value(word) } } }
            case .pattern(let pattern):
                writer.field("type", "string")
                writer.field("pattern", pattern)
            case .within(let range):
                writer.field("type", "integer")
                writer.field("minimum", range.lowerBound)
                writer.field("maximum", range.upperBound)
            case .array(let element):
                writer.field("type", "array")
                writer.field("items") { element.write(to: &$0) }
            case .map(let value):
                writer.field("type", "object")
                writer.field("additionalProperties") { value.write(to: &$0) }
            case .nullable(let schema):
                writer.field("anyOf") { $0.schemas([schema]) { $0.object { $0.field("type", "null") } } }
            case .reference(let name): writer.field("$ref", "#/components/schemas/\(name)")
            case .either(let schemas): writer.field("anyOf") { $0.schemas(schemas) }
            case .fields(let fields): writer.members(fields)
            case .closed(let fields, let others):
                writer.members(fields)
                if let others {
                    writer.field("propertyNames") { Schema.pattern(others.name).write(to: &$0) }
                    writer.field("additionalProperties") { Schema.either(others.value).write(to: &$0) }
                } else {
                    writer.field("additionalProperties", false)
                }
            case .entries(let count, let name, let value):
                writer.field("type", "object")
                writer.field("minProperties", count.lowerBound)
                writer.field("maxProperties", count.upperBound)
                writer.field("propertyNames") { Schema.pattern(name).write(to: &$0) }
                writer.field("additionalProperties") { value.write(to: &$0) }
            case .list(let count, let element):
                writer.field("type", "array")
                writer.field("minItems", count.lowerBound)
                writer.field("maxItems", count.upperBound)
                writer.field("items") { element.write(to: &$0) }
            }
        }
    }
}

extension JSONWriter {
    fileprivate mutating func members(_ fields: [Schema.Field]) {
        field("type", "object")
        field("properties") { writer in
            writer.object { writer in
                for field in fields { writer.field(field.name) { field.schema.write(to: &$0) } }
            }
        }
        field("required") { writer in
            writer.array { for field in fields where field.isRequired { $0.value(field.name) } }
        }
    }

    fileprivate mutating func schemas(_ schemas: [Schema], _ more: (inout JSONWriter) -> Void = { _ in }) {
        array { writer in
            for schema in schemas { schema.write(to: &writer) }
            more(&writer)
        }
    }
}

extension [Schema.Field] {
    static func field(_ name: String, _ schema: Schema) -> [Schema.Field] { [Schema.Field(name: name, schema: schema)] }

    static func optional(_ name: String, _ schema: Schema) -> [Schema.Field] {
        [Schema.Field(name: name, schema: schema, isRequired: false)]
    }

    /// A number, and beside it the exact decimal.
    static func amount(_ name: String) -> [Schema.Field] { field(name, .number) + field(name + "Exact", .string) }

    /// Numbers by name, and beside them the exact decimals.
    static func amounts(_ name: String) -> [Schema.Field] {
        field(name, .map(.number)) + field(name + "Exact", .map(.string))
    }
}
