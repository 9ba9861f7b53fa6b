import NIOCore
import NIOHTTPTypes

/// Closes a connection that takes too long to say what it wants (security.md T24). The idle time-out alone does not:
/// a byte now and then keeps a connection busy for ever.
final class RequestDeadline: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart

    private let head: TimeAmount
    private let body: TimeAmount
    private let next: TimeAmount
    private var timer: Scheduled<Void>?

    /// `head` is for the first request's headers, `body` for all of a body, `next` from one request to the next.
    init(head: TimeAmount, body: TimeAmount, next: TimeAmount) {
        self.head = head
        self.body = body
        self.next = next
    }

    func handlerAdded(context: ChannelHandlerContext) {
        start(head, context)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        timer?.cancel()
    }

    func channelInactive(context: ChannelHandlerContext) {
        timer?.cancel()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: start(body, context)
        case .body: break
        case .end: start(next, context)
        }
        context.fireChannelRead(data)
    }

    private func start(_ time: TimeAmount, _ context: ChannelHandlerContext) {
        timer?.cancel()
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: time) { channel.close(promise: nil) }
    }
}
