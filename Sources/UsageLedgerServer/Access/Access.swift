import UsageLedger

/// Who calls, and what for: what a key or token says.
struct Access: Sendable {
    /// The one agent that the caller sees; nil for all.
    var agent: AgentID?
    var role: Role
    /// Tells callers apart where they are counted, and names them in log lines: a key's id, never the key.
    var name: String

    /// Somebody on this machine, while there are no keys.
    static let local = Access(agent: nil, role: .admin, name: "local")

    func allows(_ wanted: Role) -> Bool { role == .admin || role == wanted }

    func sees(_ agent: AgentID) -> Bool { self.agent == nil || self.agent == agent }
}
