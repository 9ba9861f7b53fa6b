package import Messaging
package import Postgres

/// Warnings that access ends, and word that it ended, come of the portal's own accord: they keep its sending hours.
package struct AccessEndCheck: ChecksBeforeSending {
    package init() {}

    package var kindPrefix: String { "accounts." + "access_end" }
    package var keepsHours: Bool { true }

    package func reasonToCancel(_ message: CheckedMessage, in session: Session) throws -> String? { nil }
}
