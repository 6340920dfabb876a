/// Under which conditions a run was made.
struct Conditions {
    var events: Int
    var batch: Int
    var agents: Int
    var ids: WorkLoad.IDs
    var tasks: Int
    /// Of how many events raw LMDB and the databases take part.
    var compared: Int
    /// How many events are imported from each kind of file.
    var imported: Int
    var fileSystem: String
}
