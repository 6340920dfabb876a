import HTTPTypes
import NIOCore
import NIOEmbedded
import NIOHTTPTypes
import Testing

@testable import UsageLedgerServer

@Suite(.bounded) struct SlowSenderTests {
    private static func channel(_ bytesPerSecond: Int) throws -> EmbeddedChannel {
        let channel = EmbeddedChannel(
            handler: SlowSenderHandler(bytesPerSecond: bytesPerSecond, window: .seconds(10)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        let head = HTTPRequest(method: .post, scheme: "http", authority: "a", path: "/")
        try channel.writeInbound(HTTPRequestPart.head(head))
        channel.read()
        return channel
    }

    private static func send(_ count: Int, _ channel: EmbeddedChannel, reads: Bool = true) throws {
        try channel.writeInbound(HTTPRequestPart.body(ByteBuffer(repeating: 0x20, count: count)))
        if reads { channel.read() }
    }

    @Test func `a body that trickles is cut off`() throws {
        let channel = try Self.channel(100)
        for _ in 0..<9 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try Self.send(99, channel)
        }
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `one that is as fast as it must be stays, and so does its connection behind it`() throws {
        let channel = try Self.channel(100)
        for _ in 0..<100 {
            channel.embeddedEventLoop.advanceTime(by: .seconds(1))
            try Self.send(115, channel)
        }
        try channel.writeInbound(HTTPRequestPart.end(nil))
        channel.embeddedEventLoop.advanceTime(by: .seconds(1000))
        #expect(channel.isActive)
        _ = try channel.finish()
    }

    @Test func `what the service does not read is not held against the other side`() throws {
        let channel = try Self.channel(100)
        try Self.send(50, channel, reads: false)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1000))
        #expect(channel.isActive)
        channel.read()
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        #expect(!channel.isActive)
    }

    @Test func `with no least rate any body may take its time`() throws {
        let channel = try Self.channel(0)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1000))
        #expect(channel.isActive)
        _ = try channel.finish()
    }
}
