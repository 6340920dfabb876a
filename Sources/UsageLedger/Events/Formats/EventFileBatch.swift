/// Records cut from a file and not decoded yet, so that several tasks can decode batches at once.
package struct EventFileBatch: Sendable {
    /// Where a record stands among the bytes of the batch, and what is known of it already.
    struct Place: Sendable {
        enum Kind: Sendable {
            case event
            case tooLong
            /// A batch of CloudEvents that is no JSON.
            case brokenBatch
        }

        var range: Range<Int>
        /// As ``EventFileRecord/line`` and ``EventFileRecord/row``.
        var line: Int
        var row: Int
        /// Bytes of the file up to its end.
        var fileEnd: Int
        var kind: Kind
    }

    var bytes: [UInt8] = []
    var places: [Place] = []

    /// The number of records.
    package var count: Int { places.count }
    /// Bytes of the file up to the end of the batch.
    package var bytesRead: Int { places.last?.fileEnd ?? 0 }
    package func line(_ index: Int) -> Int { places[index].line }
    package func row(_ index: Int) -> Int { places[index].row }
    /// The record as it stood.
    package func raw(_ index: Int) -> [UInt8] { Array(bytes[places[index].range]) }
}
