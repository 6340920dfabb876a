import NIOCore

/// Cuts a connection off whose other side does not take what is sent to it.
final class SlowReaderHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    private let patience: TimeAmount
    private var cutOff: Scheduled<Void>?

    init(patience: TimeAmount) {
        self.patience = patience
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        cutOff?.cancel()
        cutOff = nil
        if !context.channel.isWritable {
            let channel = context.channel
            cutOff = context.eventLoop.scheduleTask(in: patience) { channel.close(promise: nil) }
        }
        context.fireChannelWritabilityChanged()
    }

    func channelInactive(context: ChannelHandlerContext) {
        cutOff?.cancel()
        cutOff = nil
        context.fireChannelInactive()
    }
}
