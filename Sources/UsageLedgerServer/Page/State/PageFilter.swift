/// What usage can be narrowed down by, and is taken apart by.
enum PageFilter: String, CaseIterable, Sendable {
    case category, operation, model, provider

    /// Above a table.
    var title: String {
        switch self {
        case .category: "Category"
        case .operation: "Operation"
        case .model: "Model"
        case .provider: "Provider"
        }
    }

    /// What stands for usage without one.
    var absent: String {
        switch self {
        case .category, .operation: "(none)"
        case .model: "(no model)"
        case .provider: "(no provider)"
        }
    }
}
