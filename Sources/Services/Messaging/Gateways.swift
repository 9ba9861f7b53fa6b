package import DeskKit
import Foundation
import JobRunner
package import Secrets
package import Transport

/// Calls the gateway of an envelope's provider. Whatever a gateway does ends as a `GatewayAnswer`; settings that
/// cannot be used are a temporary failure of the channel, so that mending them sends what waited.
package struct Gateways: Sendable {
    let keyRing: KeyRing
    private let smtp: SMTPTransport
    private let sms: SMSTransport
    /// Who sends, by portal.
    private let senders: @Sendable (PortalID) async -> (name: String, address: String, sms: String)?

    /// Where receipts arrive.
    private let receipts: ReceiptAddress

    private let unsubscribing: UnsubscribeAddress
    private let deadlines: SendDeadlines

    /// `senders` answers the portal's names as of now; `publicURL` is where gateways reach this installation, nil where
    /// they do not; `connections` is how many messages go at once, so that none waits behind a gateway that hangs.
    package init(
        keyRing: KeyRing,
        publicURL: String? = nil,
        connections: Int = WorkerConfiguration.usualConcurrency,
        deadlines: SendDeadlines = .http,
        senders: @escaping @Sendable (PortalID) async -> (name: String, address: String, sms: String)?
    ) {
        self.keyRing = keyRing
        receipts = ReceiptAddress(keyRing: keyRing, base: publicURL)
        unsubscribing = UnsubscribeAddress(keyRing: keyRing, base: publicURL)
        self.senders = senders
        self.deadlines = deadlines
        smtp = SMTPTransport(connections: connections)
        sms = SMSTransport(over: HTTPTransport(connections: connections))
    }

    func send(_ envelope: Envelope) async -> GatewayAnswer {
        do {
            switch envelope.provider.kind {
            case .local: return .accepted(reference: nil)
            case .smtp: return try await mail(envelope)
            case .httpSMS: return try await text(envelope)
            }
        } catch {
            return .temporary(code: "settings")
        }
    }

    private func mail(_ envelope: Envelope) async throws -> GatewayAnswer {
        let settings = try ProviderSettings.SMTP(json: envelope.provider.settings)
        guard let sender = await senders(envelope.portal), let from = EmailAddress(sender.address) else {
            return .temporary(code: "settings")
        }
        guard let recipient = EmailAddress(envelope.recipient) else { return .permanent(code: "bad_recipient") }
        let domain = sender.address.split(separator: "@").last.map(String.init) ?? "localhost"
        let message: EmailMessage
        do {
            message = try EmailMessage(
                from: from,
                fromName: sender.name,
                to: recipient,
                subject: envelope.content.subject,
                text: envelope.content.body,
                messageID: "<\(envelope.reference.uuidString.lowercased())@\(domain)>",
                date: Date(),
                headers: envelope.needsConsent
                    ? unsubscribing.headers(
                        portal: envelope.portal,
                        reference: envelope.reference,
                        sender: sender.address
                    ) : [],
                files: envelope.file.map { [$0] } ?? []
            )
        } catch {
            return .permanent(code: "bad_content")
        }
        let server = try settings.server(password: try secret(of: envelope.provider, envelope.portal))
        return GatewayAnswer(await smtp.send(message, to: server))
    }

    private func text(_ envelope: Envelope) async throws -> GatewayAnswer {
        var settings = try ProviderSettings.SMS(json: envelope.provider.settings)
        if settings.gateway.sender.isEmpty {
            settings.gateway.sender = await senders(envelope.portal)?.sms ?? ""
        }
        let outcome = try await sms.send(
            SMSMessage(
                to: Redacted(envelope.recipient),
                text: Redacted(envelope.content.body),
                reference: envelope.reference.uuidString.lowercased(),
                receiptURL: receipts.url(
                    portal: envelope.portal,
                    provider: envelope.provider.id,
                    reference: envelope.reference,
                    settings.receipt ?? .kannel
                )
            ),
            through: settings.gateway,
            user: Redacted(settings.user),
            secret: try secret(of: envelope.provider, envelope.portal),
            deadlines: deadlines
        )
        return GatewayAnswer(outcome)
    }

    private func secret(of provider: ProviderRow, _ portal: PortalID) throws -> Redacted<String> {
        guard let sealed = provider.secret, let key = provider.secretKeyID else { return Redacted("") }
        return try keyRing.openText(
            Sealed(keyID: key, bytes: sealed),
            context: ProviderSettings.secretContext(portal)
        )
    }
}
