/// What a caller may do.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// Read reports, budgets and alerts.
    case read
    /// Send usage, and nothing else: what a producer needs.
    case ingest
    /// All of it: read, send, set budgets, acknowledge alerts.
    case admin
}
