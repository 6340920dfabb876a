#if canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#else
    import Glibc
#endif

/// A data file whose pages cannot be trusted, read with `pread` and without LMDB, which would follow a damaged number out of
/// its map. Everything read is checked against the file's length; what makes no sense is passed over.
///
/// Offsets and flags are those of LMDB 0.9's `mdb.c`, in 64-bit little-endian form.
package final class DamagedFile {
    /// A value and where it lies in the file.
    package struct Place: Hashable, Sendable {
        package var key: [UInt8]
        package var offset: Int
        package var byteCount: Int
    }

    /// What following a table's pages gave.
    package struct Walk: Sendable {
        package var places: [Place] = []
        /// Whether every page could be read.
        package var isComplete = true
        /// How many rows the table says it has.
        package var rowCount = 0
    }

    package let byteCount: Int
    private let descriptor: CInt
    private let pageBytes: Int
    private static let headerBytes = 16
    private static let isOnOverflowPages: UInt16 = 0x01
    private static let isTable: UInt16 = 0x02

    /// Opens a file; throws `missingDirectory`, `permissionDenied`, `inputOutput`, `notAnEnvironment` for what is no file.
    package init(path: String) throws(LMDBError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw .systemCallFailed("open", path: path) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(descriptor)
            throw LMDBError(code: .notAnEnvironment, operation: "open", path: path)
        }
        self.descriptor = descriptor
        byteCount = Int(status.st_size)
        let sizes = [0, 4096].compactMap { Self.metaPageBytes(descriptor, at: $0) }
        pageBytes = sizes.first ?? 4096
    }

    deinit { _ = close(descriptor) }

    /// Up to `count` bytes at an offset: fewer behind the file's end, or where the disk does not give them.
    package func read(_ count: Int, at offset: Int) -> [UInt8] {
        Self.read(descriptor, count, at: offset)
    }

    private static func read(_ descriptor: CInt, _ count: Int, at offset: Int) -> [UInt8] {
        guard count > 0, offset >= 0 else { return [] }
        return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = unsafe pread(descriptor, buffer.baseAddress! + filled, count - filled, off_t(offset + filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }

    private static func metaPageBytes(_ descriptor: CInt, at offset: Int) -> Int? {
        let bytes = read(descriptor, 48, at: offset)
        guard bytes.count == 48, unsafe bytes.span.bytes.littleEndian(at: 16, as: UInt32.self) == 0xBEEF_C0DE else {
            return nil
        }
        let size = Int(unsafe bytes.span.bytes.littleEndian(at: 40, as: UInt32.self))
        return size >= 512 && size <= 65536 && size & (size - 1) == 0 ? size : nil
    }

    /// The rows of a named table as its pages have them, from each of the two meta pages, the newer commit first. A meta page
    /// that is damaged gives a walk that is not complete, or none.
    package func walks(ofTable name: String) -> [Walk] {
        var roots: [(transaction: UInt64, root: UInt64)] = []
        for index in 0..<2 {
            let page = page(UInt64(index))
            guard page.count == pageBytes else { continue }
            let span = unsafe page.span.bytes
            guard span.littleEndian(at: 16, as: UInt32.self) == 0xBEEF_C0DE,
                span.littleEndian(at: 10, as: UInt16.self) & PageFlag.meta != 0
            else { continue }
            roots.append((span.littleEndian(at: 144, as: UInt64.self), span.littleEndian(at: 128, as: UInt64.self)))
        }
        return roots.sorted { $0.transaction > $1.transaction }.map { root in
            var tables = Walk()
            var found: (root: UInt64, rowCount: Int)?
            follow(root.root, &tables) { flags, place in
                guard flags & Self.isTable != 0, place.key == Array(name.utf8) else { return }
                let bytes = self.read(48, at: place.offset)
                guard bytes.count == 48 else { return }
                let span = unsafe bytes.span.bytes
                found = (
                    span.littleEndian(at: 40, as: UInt64.self),
                    Int(clamping: span.littleEndian(at: 32, as: UInt64.self))
                )
            }
            var walk = Walk()
            walk.isComplete = found != nil
            guard let found else { return walk }
            walk.rowCount = found.rowCount
            if found.root == .max { return walk }
            var places: [Place] = []
            follow(found.root, &walk) { _, place in places.append(place) }
            walk.places = places
            if places.count != walk.rowCount { walk.isComplete = false }
            return walk
        }
    }

    /// Every place in the file at which a value could begin, whatever page refers to it: behind the header of each page, and
    /// at the rows of pages that look like leaves.
    package func forEachPossiblePlace(_ body: (Place) -> Void) {
        var offset = 0
        while offset < byteCount {
            body(Place(key: [], offset: offset + Self.headerBytes, byteCount: byteCount - offset - Self.headerBytes))
            let page = read(pageBytes, at: offset)
            if page.count > Self.headerBytes { _ = rows(of: page, at: offset) { body($1) } }
            offset += pageBytes
        }
    }

    private func page(_ number: UInt64) -> [UInt8] {
        guard number < UInt64(byteCount / pageBytes) else { return [] }
        return read(pageBytes, at: Int(number) * pageBytes)
    }

    /// Visits the rows below a page.
    private func follow(_ root: UInt64, _ walk: inout Walk, _ body: (UInt16, Place) -> Void) {
        var toVisit = [root]
        var visited: Set<UInt64> = []
        while let number = toVisit.popLast() {
            let page = page(number)
            // A page knows its number, so that pages in each other's place are seen; visiting one twice would be a circle.
            guard page.count == pageBytes, visited.insert(number).inserted,
                unsafe page.span.bytes.littleEndian(at: 0, as: UInt64.self) == number
            else {
                walk.isComplete = false
                continue
            }
            let flags = unsafe page.span.bytes.littleEndian(at: 10, as: UInt16.self)
            if flags & PageFlag.branch != 0 {
                let children = children(of: page)
                if children.isEmpty { walk.isComplete = false }
                toVisit.append(contentsOf: children.reversed())
            } else if flags & PageFlag.leaf == 0 || !rows(of: page, at: Int(number) * pageBytes, body) {
                walk.isComplete = false
            }
        }
    }

    private func nodes(of page: [UInt8]) -> [Int]? {
        let span = unsafe page.span.bytes
        guard page.count >= Self.headerBytes + 2 else { return nil }
        let lower = Int(span.littleEndian(at: 12, as: UInt16.self))
        guard lower >= Self.headerBytes, lower <= page.count else { return nil }
        var nodes: [Int] = []
        for position in stride(from: Self.headerBytes, to: lower - 1, by: 2) {
            let offset = Int(span.littleEndian(at: position, as: UInt16.self))
            guard offset >= lower, offset + 8 <= page.count else { return nil }
            nodes.append(offset)
        }
        return nodes
    }

    private func children(of page: [UInt8]) -> [UInt64] {
        let span = unsafe page.span.bytes
        return (nodes(of: page) ?? []).map { node in
            UInt64(span.littleEndian(at: node, as: UInt32.self))
                | UInt64(span.littleEndian(at: node + 4, as: UInt16.self)) << 32
        }
    }

    /// Gives the rows of a leaf; false where some make no sense.
    private func rows(of page: [UInt8], at offset: Int, _ body: (UInt16, Place) -> Void) -> Bool {
        guard let nodes = nodes(of: page) else { return false }
        let span = unsafe page.span.bytes
        var isSound = true
        for node in nodes {
            let size = Int(span.littleEndian(at: node, as: UInt32.self))
            let flags = span.littleEndian(at: node + 4, as: UInt16.self)
            let start = node + 8 + Int(span.littleEndian(at: node + 6, as: UInt16.self))
            guard start <= page.count else {
                isSound = false
                continue
            }
            var place = Place(key: Array(page[node + 8..<start]), offset: offset + start, byteCount: size)
            if flags & Self.isOnOverflowPages != 0 {
                guard start + 8 <= page.count else {
                    isSound = false
                    continue
                }
                let first = span.littleEndian(at: start, as: UInt64.self)
                guard first < UInt64(byteCount / pageBytes) else {
                    isSound = false
                    continue
                }
                place.offset = Int(first) * pageBytes + Self.headerBytes
            } else if start + size > page.count {
                isSound = false
                continue
            }
            guard place.offset + size <= byteCount else {
                isSound = false
                continue
            }
            body(flags, place)
        }
        return isSound
    }
}
