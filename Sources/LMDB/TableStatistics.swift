/// The size of one table, in rows and pages.
package struct TableStatistics: Hashable, Sendable {
    /// Rows.
    package let rowCount: Int
    /// Levels of the tree; 0 where the table is empty.
    package let depth: Int
    /// Inner pages of the tree.
    package let branchPages: Int
    /// Pages with rows.
    package let leafPages: Int
    /// Pages of values that are too large for a leaf page (more than about half a page with their key).
    package let overflowPages: Int
    /// The size of a page.
    package let pageSizeBytes: Int

    /// The space of all pages of the table.
    package var sizeBytes: Int { (branchPages + leafPages + overflowPages) * pageSizeBytes }
}
