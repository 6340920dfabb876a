import NIOCore
import NIOEmbedded
import Testing

@testable import UsageLedgerServer

@Suite(.bounded) struct SlowReaderTests {
    /// A connection whose other side stops taking, or takes again.
    private static func setWritable(_ isWritable: Bool, _ channel: EmbeddedChannel) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    @Test func `a connection whose other side takes nothing for long is cut off`() throws {
        let channel = EmbeddedChannel(handler: SlowReaderHandler(patience: .seconds(30)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        Self.setWritable(false, channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        #expect(channel.isActive)
        channel.embeddedEventLoop.advanceTime(by: .seconds(1))
        #expect(!channel.isActive)
    }

    @Test func `one that takes again in time stays`() throws {
        let channel = EmbeddedChannel(handler: SlowReaderHandler(patience: .seconds(30)))
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        Self.setWritable(false, channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(29))
        Self.setWritable(true, channel)
        channel.embeddedEventLoop.advanceTime(by: .seconds(3600))
        #expect(channel.isActive)
        _ = try channel.finish()
    }
}
