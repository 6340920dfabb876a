/// The size and use of an environment at one moment.
package struct EnvironmentInfo: Hashable, Sendable {
    /// The address space reserved; the limit to growth.
    package let mapSizeBytes: Int
    /// The data up to the last page ever used, with free pages in between.
    package let usedBytes: Int
    /// The size of a page: that of the machine which created the environment.
    package let pageSizeBytes: Int
    /// Read transactions open now, over all processes, with those of dead processes not yet cleared away.
    package let readersInUse: Int
    /// The most read transactions there can be at a time, over all processes.
    package let maxReaders: Int
    /// The number of the last commit; counts up by one with each commit that changes something.
    package let lastTransactionID: UInt64
}
