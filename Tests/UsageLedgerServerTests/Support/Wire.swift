import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A bare connection to a server: sends and receives bytes as a test says, and reads nothing where it says so.
final class Wire: Sendable {
    let channel: any Channel
    private let received: AsyncStream<ByteBuffer>
    private let bytesReceived: Counter

    /// - Parameter reads: whether what comes in is taken from the start.
    init(_ url: String, reads: Bool = true) async throws {
        let parts = URLComponents(string: url)
        let (received, continuation) = AsyncStream<ByteBuffer>.makeStream()
        let bytesReceived = Counter()
        self.received = received
        self.bytesReceived = bytesReceived
        channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Receiver(continuation, bytesReceived))
                }
            }
            .connect(host: parts?.host ?? "127.0.0.1", port: parts?.port ?? 0).get()
    }

    deinit { channel.close(promise: nil) }

    /// How many bytes have come in.
    var byteCount: Int { bytesReceived.value.load(ordering: .sequentiallyConsistent) }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text))
    }

    /// Sends a request without a body.
    func get(_ path: String) async throws { try await send("GET \(path) HTTP/1.1\r\nhost: x\r\n\r\n") }

    /// What comes in until `text` is in it, or the connection ends.
    func receive(until text: String) async -> String {
        var all = ""
        for await buffer in received {
            all += String(buffer: buffer)
            if all.contains(text) { break }
        }
        return all
    }

    /// Takes everything up to the end of the connection: how many bytes that is.
    func drain() async throws -> Int {
        try await channel.setOption(.autoRead, value: true).get()
        for await _ in received {}
        return byteCount
    }

    private final class Counter: Sendable {
        let value = Atomic(0)
    }

    private final class Receiver: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let continuation: AsyncStream<ByteBuffer>.Continuation
        private let bytesReceived: Counter

        init(_ continuation: AsyncStream<ByteBuffer>.Continuation, _ bytesReceived: Counter) {
            self.continuation = continuation
            self.bytesReceived = bytesReceived
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytesReceived.value.add(buffer.readableBytes, ordering: .sequentiallyConsistent)
            continuation.yield(buffer)
        }

        func channelInactive(context: ChannelHandlerContext) { continuation.finish() }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
