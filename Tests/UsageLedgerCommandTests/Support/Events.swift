/// Lines of event files.
enum Events {
    /// `count` searches of an agent as NDJSON, at 0.005 each, ids `PREFIX-1` and on.
    static func searches(_ count: Int, agent: String = "a-17", prefix: String = "s") -> String {
        (1...count).map { search("\(prefix)-\($0)", agent: agent) }.joined()
    }

    static func search(_ id: String, agent: String = "a-17", quantity: String = "1") -> String {
        #"{"id":"\#(id)","agent":"\#(agent)","operation":"property_search","time":"2026-03-01T12:00:00Z","#
            + #""lines":[{"category":"google_search_api","quantity":\#(quantity)}]}"# + "\n"
    }
}
