import DeskKit
import DeskWeb
import Identifiers

extension ValueCheck {
    /// Check digits and structure by the kind's rule; the reason in the reader's words where it fails. A kind without a
    /// rule for this country is kept as it was typed: somebody looks at it on the paper anyway.
    static func identifier(_ text: String, kind: String, country: String, today: CivilDate) -> ReadValue {
        guard let known = IdentifierKind(rawValue: kind) else { return .fine(text) }
        let own = IdentifierCountry(rawValue: country).flatMap { known.countries.contains($0) ? $0 : nil }
        do {
            let verdict = try known.check(text, country: own ?? known.countries.first, today: today)
            if let normalized = verdict.normalized { return .fine(normalized) }
            return .wrong(problem(verdict.reason ?? .badStructure, kind))
        } catch {
            return .fine(text)
        }
    }

    private static func problem(_ reason: Reason, _ kind: String) -> FieldProblem {
        switch (reason, kind) {
        case (.empty, _): FieldProblem("desk.field.required")
        case (_, "email"): FieldProblem("desk.field.email")
        case (.badPrefix, "phone_sms"), (.badStructure, "phone_sms"), (.notMobile, _):
            FieldProblem("onboarding.reason.not_mobile")
        case (_, "phone"): FieldProblem("desk.field.phone")
        default: FieldProblem("onboarding.reason.\(reason.rawValue)")
        }
    }
}
