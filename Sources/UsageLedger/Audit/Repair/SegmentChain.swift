/// The one history that segments found here and there make up.
struct SegmentChain {
    /// In the order of the log; between two of them may be a gap.
    private(set) var segments: [SegmentSource.Found] = []
    /// The numbers that no segment has, below the last one found.
    private(set) var gaps: [ClosedRange<SequenceNumber>] = []

    /// - Parameter end: the last entry that was committed, where the log's own pages tell; what lies behind it was never
    ///   acknowledged.
    init(_ found: [SegmentSource.Found], through end: SequenceNumber?) {
        var waiting: [SequenceNumber: [SegmentSource.Found]] = [:]
        for segment in found {
            if let end, !segment.isNamed, segment.header.lastSequenceNumber > end { continue }
            waiting[segment.header.firstSequenceNumber, default: []].append(segment)
        }
        let named = Set(found.map(\.header.previousChecksum))
        var next = SequenceNumber(1)
        var checksum: UInt32? = 0
        for first in waiting.keys.sorted() where first >= next {
            let candidates = waiting[first] ?? []
            let isAdjacent = first == next
            // Of several for one place: the one that continues what is before, that its successor names, that the log names.
            let best = candidates.max { left, right in
                func rank(_ segment: SegmentSource.Found) -> Int {
                    (isAdjacent && segment.header.previousChecksum == checksum ? 4 : 0)
                        + (segment.isNamed ? 2 : 0) + (named.contains(segment.header.checksum) ? 1 : 0)
                }
                return rank(left) < rank(right)
            }
            guard let best else { continue }
            // One that does not continue what is before it is of another history.
            if isAdjacent, let checksum, best.header.previousChecksum != checksum { continue }
            if !isAdjacent { gaps.append(next...SequenceNumber(first.rawValue - 1)) }
            segments.append(best)
            next = best.header.lastSequenceNumber.advanced(by: 1)
            checksum = best.header.checksum
        }
    }

    var last: SequenceNumber { segments.last?.header.lastSequenceNumber ?? .zero }
}
