/// Bits of a page header.
enum PageFlag {
    static let branch: UInt16 = 0x01
    static let leaf: UInt16 = 0x02
    static let overflow: UInt16 = 0x04
    static let meta: UInt16 = 0x08
}

extension DataFile {
    /// The value of a row lies on pages of its own, whose number stands in its place.
    private static let isOnOverflowPages: UInt16 = 0x01
    private static let noPage = UInt64.max

    /// The pages that LMDB's table of free pages lists: rows of commit number and page numbers.
    ///
    /// Throws `truncated` where a page of that table itself lies behind the end of the file, `corrupted` where one is
    /// not of its kind. O(free pages); read only when a file is short.
    func freePages(_ meta: Meta, fileHas wholePages: UInt64) throws(LMDBError) -> Set<UInt64> {
        var free: Set<UInt64> = []
        guard meta.freePagesRoot != Self.noPage else { return free }
        var toVisit = [meta.freePagesRoot]
        var visited: Set<UInt64> = []
        while let number = toVisit.popLast() {
            // Damaged pages could refer to each other in a circle.
            guard visited.insert(number).inserted else { throw failure(.corrupted) }
            let page = try readPages(number, count: 1, meta, fileHas: wholePages)
            let span = unsafe page.span.bytes
            let flags = span.littleEndian(at: 10, as: UInt16.self)
            for node in try nodeOffsets(of: span) {
                if flags & PageFlag.branch != 0 {
                    let low = UInt64(span.littleEndian(at: node, as: UInt32.self))
                    let high = UInt64(span.littleEndian(at: node + 4, as: UInt16.self))
                    toVisit.append(high << 32 | low)
                } else if flags & PageFlag.leaf != 0 {
                    free.formUnion(try pageNumbers(inRowAt: node, of: span, meta, fileHas: wholePages))
                } else {
                    throw failure(.corrupted)
                }
            }
        }
        return free
    }

    private func readPages(
        _ number: UInt64, count: Int, _ meta: Meta, fileHas wholePages: UInt64
    ) throws(LMDBError) -> [UInt8] {
        guard number < wholePages, UInt64(count) <= wholePages - number else { throw failure(.truncated) }
        let bytes = try read(count * meta.pageSizeBytes, at: Int(number) * meta.pageSizeBytes)
        guard bytes.count == count * meta.pageSizeBytes else { throw failure(.truncated) }
        return bytes
    }

    /// Where the rows of a page begin; each has a header of 8 bytes.
    private func nodeOffsets(of page: RawSpan) throws(LMDBError) -> [Int] {
        let lower = Int(page.littleEndian(at: 12, as: UInt16.self))
        guard lower >= Self.pageHeaderBytes, lower <= page.byteCount else { throw failure(.corrupted) }
        var offsets: [Int] = []
        for position in stride(from: Self.pageHeaderBytes, to: lower - 1, by: 2) {
            let offset = Int(page.littleEndian(at: position, as: UInt16.self))
            guard offset >= lower, offset + 8 <= page.byteCount else { throw failure(.corrupted) }
            offsets.append(offset)
        }
        return offsets
    }

    /// The value of a row of the table: how many page numbers, then these, 8 bytes each.
    private func pageNumbers(
        inRowAt node: Int, of page: RawSpan, _ meta: Meta, fileHas wholePages: UInt64
    ) throws(LMDBError) -> [UInt64] {
        let sizeBytes = Int(page.littleEndian(at: node, as: UInt32.self))
        let flags = page.littleEndian(at: node + 4, as: UInt16.self)
        let start = node + 8 + Int(page.littleEndian(at: node + 6, as: UInt16.self))
        guard sizeBytes >= 8, start + 8 <= page.byteCount else { throw failure(.corrupted) }
        guard flags & Self.isOnOverflowPages != 0 else {
            guard start + sizeBytes <= page.byteCount else { throw failure(.corrupted) }
            return try pageNumbers(listedIn: page.extracting(start..<start + sizeBytes))
        }
        let first = page.littleEndian(at: start, as: UInt64.self)
        let pages = (Self.pageHeaderBytes + sizeBytes + meta.pageSizeBytes - 1) / meta.pageSizeBytes
        let bytes = try readPages(first, count: pages, meta, fileHas: wholePages)
        return try unsafe pageNumbers(
            listedIn: bytes.span.bytes.extracting(Self.pageHeaderBytes..<Self.pageHeaderBytes + sizeBytes))
    }

    private func pageNumbers(listedIn list: RawSpan) throws(LMDBError) -> [UInt64] {
        let count = list.littleEndian(at: 0, as: UInt64.self)
        guard count <= UInt64(list.byteCount / 8 - 1) else { throw failure(.corrupted) }
        return (0..<Int(count)).map { index in list.littleEndian(at: 8 + index * 8, as: UInt64.self) }
    }
}
