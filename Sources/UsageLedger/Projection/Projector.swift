/// A view of a service's own: a pure fold from entries to rows, with the same promises as the ledger's own views.
///
/// Give projectors to ``Ledger/open(at:options:)``; from then on they are folded with every entry, stored with the same
/// checkpoint, rebuilt by replay and checked by verify. A projector that is new to a ledger is brought up to date when the
/// ledger is opened. Its rows are read with ``Ledger/forEachRow(of:prefix:_:)`` and ``Ledger/number(of:at:)``.
///
/// ```swift
/// struct CostPerLead: Projector {
///     static let name = "cost-per-lead"
///     static let version: UInt32 = 1
///
///     func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws {
///         guard case .usage(let usage) = entry.content, let lead = usage.event.lead else { return }
///         try rows.add(usage.cost.picodollars, to: "\(usage.event.agent)/\(lead)")
///     }
/// }
/// ```
///
/// A fold must depend on the entries and its own rows alone: no clock, no randomness, no input or output.
public protocol Projector: Sendable {
    /// Names the view's rows in the ledger: 1 to 64 bytes, letters, digits and hyphens; never changes.
    static var name: String { get }
    /// Raised when the rows' layout or meaning changes; the view is then folded again from the start of the log.
    static var version: UInt32 { get }

    /// Folds one entry into the view's rows.
    ///
    /// - Throws: anything; the ledger then stops writing and says so, because a view must not fall behind its log.
    func fold(_ entry: RecordedEntry, into rows: inout ProjectorRows) throws
}
