// What libFuzzer calls. The target is named in the environment, so that all of them are one program.

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

nonisolated(unsafe) private var target: any FuzzTarget = {
    let name = getenv("FUZZ_TARGET").map { String(cString: $0) } ?? ""
    guard let type = FuzzTargets.all.first(where: { $0.name == name }) else {
        fatalError("FUZZ_TARGET is none of \(FuzzTargets.all.map { $0.name })")
    }
    return type.init()
}()

@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try target.check(Array(UnsafeBufferPointer(start: bytes, count: count)))
    } catch {
        fatalError("\(error)")
    }
    return 0
}
