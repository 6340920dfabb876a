/// The heads of a table's sorted columns: links that need no script.
enum SortHeads {
    /// The name's column first, then these.
    static func values(_ state: PageState, _ columns: [(PageSort, String)], path: String) -> [[String: Any]] {
        ([(.name, "")] + columns).map { sort, title in
            let isCurrent = state.sort == sort
            let next = state.with { state in
                state.sort = sort
                state.isAscending = isCurrent ? !state.isAscending : sort.isFirstAscending
            }
            return [
                "title": title, "isName": sort == .name, "link": next.url(path),
                "arrow": !isCurrent ? "" : state.isAscending ? "▲" : "▼",
                "order": !isCurrent ? "none" : state.isAscending ? "ascending" : "descending",
            ]
        }
    }
}
