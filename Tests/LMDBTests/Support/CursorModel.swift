/// What a cursor does, said naively: keys in a sorted array, and a place that is remembered as a key.
struct CursorModel {
    private enum Place {
        case beforeFirst
        case at(String)
        case afterLast
        case nowhere
    }

    private var keys: [String] = []
    private var place = Place.nowhere

    var count: Int { keys.count }

    /// The key the cursor is on, or was before that was deleted.
    var current: String? {
        if case .at(let key) = place { key } else { nil }
    }

    mutating func insert(_ key: String) {
        let index = keys.firstIndex { $0 >= key } ?? keys.count
        if index == keys.count || keys[index] != key { keys.insert(key, at: index) }
    }

    mutating func delete(_ key: String) -> Bool {
        guard let index = keys.firstIndex(of: key) else { return false }
        keys.remove(at: index)
        return true
    }

    mutating func first() -> Bool { arrive(keys.first, otherwise: .afterLast) }

    mutating func last() -> Bool { arrive(keys.last, otherwise: .beforeFirst) }

    mutating func seek(_ key: String) -> Bool {
        arrive(keys.first { $0 >= key }, otherwise: .afterLast)
    }

    mutating func seek(before key: String) -> Bool {
        arrive(keys.last { $0 < key }, otherwise: .beforeFirst)
    }

    mutating func next() -> Bool {
        switch place {
        case .nowhere, .beforeFirst: first()
        case .at(let key): arrive(keys.first { $0 > key }, otherwise: .afterLast)
        case .afterLast: false
        }
    }

    mutating func previous() -> Bool {
        switch place {
        case .nowhere, .afterLast: last()
        case .at(let key): arrive(keys.last { $0 < key }, otherwise: .beforeFirst)
        case .beforeFirst: false
        }
    }

    private mutating func arrive(_ key: String?, otherwise: Place) -> Bool {
        place = key.map(Place.at) ?? otherwise
        return key != nil
    }
}
