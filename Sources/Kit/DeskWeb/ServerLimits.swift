package import HummingbirdCore
package import NIOCore

/// What one connection may cost (security.md T24): a silent one is closed, headers are bounded, and bodies by the gate.
package enum ServerLimits {
    /// How long a connection may stay without a byte in either direction, half-sent requests included.
    package static let idle = TimeAmount.seconds(30)

    /// The HTTP/1 settings of the console's server. NIO refuses a request that has both Content-Length and
    /// Transfer-Encoding by itself.
    package static var http1: HTTP1Channel.Configuration {
        HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestDeadline(head: .seconds(20), body: .minutes(5), next: .minutes(3))
            ],
            idleTimeout: idle,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 16 * 1024,
                maxHeaderListSize: 32 * 1024,
                maxHeaderFieldCount: 100
            )
        )
    }
}
