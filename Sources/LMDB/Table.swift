/// A table of an environment: a name, and LMDB's handle for it, valid as long as the environment is open.
///
/// Using a table after it was dropped, or after the transaction that created it was aborted, throws `tableMissing`;
/// using it in another environment traps.
package struct Table: Sendable, Hashable {
    let handle: TableHandle

    /// The name, unique within the environment.
    package var name: String { handle.name }

    /// Whether both are the same table, opened in the same environment.
    package static func == (left: Table, right: Table) -> Bool {
        left.handle === right.handle
    }

    /// By identity, as `==`.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(handle))
    }
}
