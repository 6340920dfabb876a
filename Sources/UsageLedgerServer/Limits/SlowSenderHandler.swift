import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// Cuts a connection off whose request's body comes in more slowly than it must.
///
/// Counted is the time in which the service waits for the other side; that in which it reads nothing itself, since the disk
/// is busy, is not.
final class SlowSenderHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private let bytesPerSecond: Int
    private let window: TimeAmount
    private var bytes = 0
    private var waited = TimeAmount.zero
    private var waitsSince: NIODeadline?
    private var isInBody = false
    private var check: Scheduled<Void>?

    /// - Parameters:
    ///   - bytesPerSecond: the least a body must bring; 0 for anything.
    ///   - window: how long a wait the average is taken over.
    init(bytesPerSecond: Int, window: TimeAmount) {
        self.bytesPerSecond = bytesPerSecond
        self.window = window
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            isInBody = true
            (bytes, waited) = (0, .zero)
            waitsSince = nil
        case .body(let part):
            bytes += part.readableBytes
            endWait(context.eventLoop.now)
        case .end:
            isInBody = false
            check?.cancel()
            check = nil
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isInBody, check == nil, bytesPerSecond > 0 { schedule(context.channel, context.eventLoop, in: window) }
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if isInBody, waitsSince == nil { waitsSince = context.eventLoop.now }
        context.read()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInBody = false
        check?.cancel()
        check = nil
        context.fireChannelInactive()
    }

    private func endWait(_ now: NIODeadline) {
        if let since = waitsSince { waited = waited + (now - since) }
        waitsSince = nil
    }

    private func schedule(_ channel: any Channel, _ loop: any EventLoop, in delay: TimeAmount) {
        check = loop.assumeIsolated().scheduleTask(in: delay) { self.look(channel, loop) }
    }

    private func look(_ channel: any Channel, _ loop: any EventLoop) {
        check = nil
        guard isInBody else { return }
        let now = loop.now
        let total = waitsSince.map { waited + (now - $0) } ?? waited
        guard total >= window else { return schedule(channel, loop, in: window - total) }
        let least = Double(bytesPerSecond) * Double(total.nanoseconds) / 1_000_000_000
        guard Double(bytes) >= least else { return channel.close(promise: nil) }
        (bytes, waited) = (0, .zero)
        if waitsSince != nil { waitsSince = now }
        schedule(channel, loop, in: window)
    }
}
