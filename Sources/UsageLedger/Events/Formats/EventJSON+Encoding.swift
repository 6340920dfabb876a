extension EventJSON {
    /// Appends one event as a JSON object without line end; ``decode(_:defaultID:)`` reads it back as it was.
    ///
    /// Absent and empty fields are left out; keys of the context are sorted; quantities are written as exact numbers.
    public static func encode(_ event: UsageEvent, into bytes: inout [UInt8]) {
        var writer = JSONWriter(appendingTo: exchange(&bytes, with: []))  // moved, so that nothing is copied
        write(event, to: &writer)
        bytes = writer.bytes
    }

    /// Writes one event as the next value.
    public static func write(_ event: UsageEvent, to writer: inout JSONWriter) {
        writer.object { writer in
            writer.field("id", event.id)
            writer.field("agent", event.agent)
            if let lead = event.lead { writer.field("lead", lead) }
            writer.field("operation", event.operation)
            if let time = event.time { writer.field("time", time.description) }
            if let provider = event.provider { writer.field("provider", provider) }
            if let model = event.model { writer.field("model", model) }
            if !event.usage.isEmpty { writer.field("usage") { writeUsage(event.usage, to: &$0) } }
            if !event.lines.isEmpty { writer.field("lines") { writeLines(event.lines, to: &$0) } }
            if !event.context.isEmpty { writer.field("context") { writeContext(event.context, to: &$0) } }
            if let metadata = event.metadata { writer.field("metadata", metadata) }
        }
    }

    private static func writeUsage(_ usage: [ReportedUsage], to writer: inout JSONWriter) {
        writer.object { writer in
            for reported in usage {
                writer.field(reported.usageClass.rawValue, raw: reported.quantity.description)
            }
        }
    }

    private static func writeLines(_ lines: [UsageLine], to writer: inout JSONWriter) {
        writer.array { writer in
            for line in lines {
                writer.object { writer in
                    writer.field("category", line.category)
                    writer.field("quantity", raw: line.quantity.description)
                }
            }
        }
    }

    private static func writeContext(_ context: [String: String], to writer: inout JSONWriter) {
        writer.object { writer in
            for (key, value) in context.sorted(by: { $0.key.precedesInUTF8($1.key) }) { writer.field(key, value) }
        }
    }
}
