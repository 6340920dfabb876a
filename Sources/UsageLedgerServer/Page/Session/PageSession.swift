import UsageLedger

/// Somebody who logged in with a key: what their cookie says.
struct PageSession: Sendable {
    /// Tells sessions apart; random.
    var id: String
    /// The key or token that was given: it is looked up again with every request, so that revoking it ends the session.
    var key: String
    /// When the session ends, in seconds since 1970.
    var endsAt: Int64
}
