import Ccurl
import DeskKit

/// Hands e-mail to a server over libcurl, keeping connections between messages.
package struct SMTPTransport: Sendable {
    private let lanes: Lanes

    /// `connections` at once; further messages wait, beyond `waiting` they come back as temporary.
    package init(connections: Int = 4, waiting: Int = 1_000) {
        lanes = Lanes(count: connections, largestQueue: waiting)
    }

    /// One try. Cancelling the task breaks the exchange off: uncertain, if the message was handed over by then.
    package func send(_ message: EmailMessage, to server: SMTPServer) async -> SendOutcome {
        let cancel = CancelFlag()
        let outcome = await withTaskCancellationHandler {
            await lanes.run { handle in Self.exchange(message, server, on: handle, cancel) }
        } onCancel: {
            cancel.raise()
        }
        return outcome
            ?? .temporary(
                Reply(stage: .queue, code: nil, problem: .overloaded, text: "", concernsChannel: true)
            )
    }

    private static func exchange(
        _ message: EmailMessage,
        _ server: SMTPServer,
        on handle: CurlHandle,
        _ cancel: CancelFlag
    ) -> SendOutcome {
        let bytes = message.encoded()
        let exchange = Exchange(upload: bytes, cancel: cancel)
        handle.prepare(protocols: "smtp,smtps", deadlines: server.deadlines, authorities: server.authorities)
        handle.set(CURLOPT_URL, server.url)
        if server.encryption != .none { handle.set(CURLOPT_USE_SSL, Int(CURLUSESSL_ALL.rawValue)) }
        if let credentials = server.credentials {
            handle.set(CURLOPT_USERNAME, credentials.user.reveal())
            handle.set(CURLOPT_PASSWORD, credentials.password.reveal())
        }
        handle.set(CURLOPT_MAIL_FROM, message.from.text)
        handle.set(CURLOPT_UPLOAD, 1)
        handle.set(CURLOPT_INFILESIZE_LARGE, size: bytes.count)
        let status = handle.perform(exchange, lists: [(CURLOPT_MAIL_RCPT, [message.to.text])])
        return judge(exchange, status)
    }

    static func judge(_ exchange: Exchange, _ status: CURLcode) -> SendOutcome {
        let stage = exchange.stage
        let code = exchange.code
        let beforeMessage: Set<SendStage> = [.connect, .greeting, .encryption, .authentication, .sender]
        let isClear = (400...599).contains(code ?? 0) || exchange.isHandedOver && (200...299).contains(code ?? 0)
        let reply = Reply(
            stage: stage,
            code: code,
            problem: isClear ? nil : problem(of: status) ?? .notUnderstood,
            text: exchange.lines.joined(separator: " "),
            concernsChannel: beforeMessage.contains(stage) || !isClear || code == 421
        )
        if exchange.isHandedOver {
            switch code {
            case .some(200...299): return .accepted(reference: nil, reply)
            case .some(400...499): return .temporary(reply)
            case .some(500...599): return .permanent(reply)
            default: return .uncertain(reply)
            }
        }
        let refusesMessage = stage == .recipient || stage == .data || (stage == .sender && code == 552)
        return refusesMessage && (500...599).contains(code ?? 0) ? .permanent(reply) : .temporary(reply)
    }
}
