import LMDB
import Testing

struct CopyTests {
    let directory = TemporaryDirectory()
    let target = TemporaryDirectory()

    @Test(arguments: [false, true])
    func `a copy is an environment of its own`(compacting: Bool) throws {
        let environment = try Environment(path: directory.path)
        let table = try environment.createTable("events")
        try environment.write { transaction in
            for index in 0..<10_000 { try transaction.put("\(index)", "value", in: table) }
        }
        try environment.write { transaction in
            for index in 100..<10_000 { try transaction.delete("\(index)", in: table) }
        }
        try environment.copy(toDirectory: target.path, compacting: compacting)
        try environment.write { try $0.put("later", "value", in: table) }

        let copy = try Environment(path: target.path)
        let copied = try #require(try copy.openTable("events"))
        #expect(try copy.beginRead().rowCount(in: copied) == 100)
        #expect(try copy.beginRead().text("later", in: copied) == nil)
        #expect(try copy.beginRead().text("7", in: copied) == "value")
        try copy.write { try $0.put("more", "value", in: copied) }
        let (size, copySize) = (try directory.contents().count, try target.contents().count)
        #expect(compacting ? copySize < size / 4 : copySize > size / 2)
    }

    @Test func `a copy overwrites nothing`() throws {
        let environment = try Environment(path: directory.path)
        try environment.copy(toDirectory: target.path, compacting: false)
        let before = try target.contents()
        #expect(try code { try environment.copy(toDirectory: target.path, compacting: false) } == .alreadyExists)
        #expect(try code { try environment.copy(toDirectory: directory.path, compacting: false) } == .alreadyExists)
        #expect(try target.contents() == before)
    }

    @Test func `a copy to nowhere is an error`() throws {
        let environment = try Environment(path: directory.path)
        let nowhere = target.path + "/nowhere"
        #expect(try code { try environment.copy(toDirectory: nowhere, compacting: false) } == .missingDirectory)
        #expect(try code { try environment.copy(toDirectory: "", compacting: false) } == .missingDirectory)
        #expect(try environment.info.readersInUse == 0)
    }
}
