/// How usage events stand in a file.
public enum EventFormat: String, Sendable, Hashable, CaseIterable {
    /// One ``EventJSON`` object a line.
    case ndjson
    /// RFC 4180 with a header row; see ``CSVMapping``.
    case csv
    /// One CloudEvent, or one batch (an array) of them, a line; see ``CloudEvents``.
    case cloudevents
}
