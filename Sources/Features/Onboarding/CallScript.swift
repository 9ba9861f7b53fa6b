import DeskWeb
import Portals

/// What is said on the phone, in the client's language: the sentences of the catalogue, filled from the application.
struct CallScript {
    let application: PaperApplication
    let caller: String
    /// The words of the client's language.
    let words: Words

    /// The language that the client chose in the form, as far as the console speaks it.
    static func language(of application: PaperApplication) -> Language {
        Language(rawValue: application.answers["client.language"])
            ?? Language(rawValue: application.plan.portal.defaultLanguage) ?? .english
    }

    var lines: [String] {
        let portal = application.plan.portal
        var lines = [
            words("onboarding.script.greeting", ["caller": .text(caller), "portal": .text(portal.name)]),
            words("onboarding.script.whom", ["client": .text(application.answers["client.name"])]),
            words("onboarding.script.active"),
        ]
        if portal.rules.loginKind == .companyCode { lines.append(words("onboarding.script.code")) }
        let channel = portal.rules.firstCodeChannel.rawValue
        lines.append(words("onboarding.script.first_code_\(channel)"))
        lines.append(words("onboarding.script.never_asks"))
        if let line = portal.rules.support.first {
            lines.append(words("onboarding.script.support", ["phone": .text(line.phone), "hours": .text(line.hours)]))
        }
        return lines
    }
}
