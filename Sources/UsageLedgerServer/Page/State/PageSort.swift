import UsageLedger

/// What a table's rows are in order of.
enum PageSort: String, CaseIterable, Sendable {
    case name, cost, quantity, events

    /// How the first click sorts: names from A, figures from the largest.
    var isFirstAscending: Bool { self == .name }

    func sorted(_ groups: [UsageGroup], ascending: Bool) -> [UsageGroup] {
        // Names decide between equals, always from A.
        let sorted = groups.sorted { left, right in
            switch self {
            case .name: return ascending ? left.key < right.key : right.key < left.key
            case .cost where left.sum.cost != right.sum.cost: return (left.sum.cost < right.sum.cost) == ascending
            case .quantity where left.sum.quantity != right.sum.quantity:
                return (left.sum.quantity < right.sum.quantity) == ascending
            case .events where left.sum.events != right.sum.events:
                return (left.sum.events < right.sum.events) == ascending
            default: return left.key < right.key
            }
        }
        return sorted
    }
}
