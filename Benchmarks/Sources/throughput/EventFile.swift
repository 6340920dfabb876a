import Foundation
import UsageLedger

/// Writes events to a file to be imported.
final class EventFile {
    enum Format: String, CaseIterable {
        case ndjson, csv
    }

    let path: String
    private let format: Format
    private let handle: FileHandle
    private var buffer: [UInt8] = []
    private(set) var byteCount = 0

    private static let bufferedBytes = 1 << 20

    init(_ format: Format, in directory: String) throws {
        self.format = format
        path = directory + "/events.\(format.rawValue)"
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else { throw Failure("'\(path)' cannot be written") }
        self.handle = handle
        if format == .csv {
            buffer += "id,agent,operation,time,provider,model,usage.input_tokens,usage.output_tokens\n".utf8
        }
    }

    func write(_ event: UsageEvent) throws {
        switch format {
        case .ndjson: EventJSON.encode(event, into: &buffer)
        case .csv:
            // No value of the work-load needs quotes.
            let fields =
                [
                    event.id.rawValue, event.agent.rawValue, event.operation.rawValue, event.time?.description ?? "",
                    event.provider?.rawValue ?? "", event.model?.rawValue ?? "",
                ] + event.usage.map(\.quantity.description)
            buffer += fields.joined(separator: ",").utf8
        }
        buffer.append(UInt8(ascii: "\n"))
        if buffer.count >= Self.bufferedBytes { try flush() }
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        try handle.write(contentsOf: Data(buffer))
        byteCount += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }
}
