import NIOCore
import NIOHTTPCompression
import NIOHTTPTypesHTTP1

/// Puts what undoes gzip where requests are still as NIO reads them: below the codec that Hummingbird sets.
final class GzipHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = Any

    /// How many times larger than what was sent a body may become.
    private static let ratio = 300

    func handlerAdded(context: ChannelHandlerContext) {
        do {
            let pipeline = context.pipeline.syncOperations
            let codec = try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)
            try pipeline.addHandler(
                NIOHTTPRequestDecompressor(limit: .ratio(Self.ratio)), position: .before(codec))
        } catch {
            context.fireErrorCaught(error)
        }
    }
}
