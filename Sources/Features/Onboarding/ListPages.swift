import DeskKit
import DeskWeb
import Portals

/// All applications of the reader's portals, newest first.
struct ApplicationsPage: Page {
    static let template = "onboarding/list"

    let chips: [ChipView]
    let hasRows: Bool
    let rows: [ApplicationRowView]
    let empty: EmptyView?
    let pager: PagerView
    /// Where a new application may be opened: one choice per portal and kind.
    let opening: FieldView?
    let error: String?
}

struct ChipView: Sendable {
    let text: String
    let href: String
    let isCurrent: Bool
}

struct ApplicationRowView: Sendable {
    let number: String
    let href: String
    let name: String
    let portal: String
    let kind: String
    let state: TagView
    let remarks: String?
    let who: String
    let changed: String

    init(_ line: ApplicationLine, _ portal: PortalProfile, _ words: Words) {
        number = words("onboarding.number_short", ["number": .text("\(line.id)")])
        href = "/onboarding/\(portal.key)/\(line.id)"
        name = line.clientName.isEmpty ? words("onboarding.nameless") : line.clientName
        self.portal = portal.name
        kind = words("onboarding.kind.\(line.kind)")
        state = TagView(line.state.tone, words("onboarding.state.\(line.state.rawValue)"))
        remarks = line.remarks > 0 ? words("onboarding.remarks", ["n": .number(line.remarks)]) : nil
        who = line.openedByName
        changed = words.recent(line.changedAt, today: line.hereAndNow.date)
    }
}

/// The calls to be made, the longest due first.
struct CallsPage: Page {
    static let template = "onboarding/calls"

    let hasRows: Bool
    let rows: [CallRowView]
    let empty: EmptyView?
    let after: String?
}

struct CallRowView: Sendable {
    let name: String
    let href: String
    let portal: String
    let due: String
    let state: TagView
    let attempts: String

    init(_ line: CallLine, _ portal: PortalProfile, _ words: Words) {
        name = line.clientName.isEmpty ? words("onboarding.nameless") : line.clientName
        href = "/onboarding/\(portal.key)/\(line.applicationID)/call"
        self.portal = portal.name
        due = words.recent(line.nextAt, today: line.hereAndNow.date)
        if line.isHeld {
            state = TagView(.plain, words("onboarding.call.held_by", ["who": .text(line.heldByName ?? "")]))
        } else if line.isDue {
            state = TagView(.warn, words("onboarding.call.due"))
        } else {
            state = TagView(.plain, words("onboarding.call.later"))
        }
        attempts = words("onboarding.call.attempts", ["n": .number(line.attempts)])
    }
}

/// One call: whom, with what words, the code on request, and what came of it.
struct CallPage: Page {
    static let template = "onboarding/call"

    let head: ApplicationHead
    let base: String
    let isHeld: Bool
    let mayTake: Bool
    let status: String
    let error: String?
    let people: [PersonView]
    let scriptLanguage: String
    let script: [String]
    let hasCode: Bool
    let code: CodeView?
    let outcome: FieldView?
    let nextDate: FieldView?
    let nextTime: FieldView?
    let note: FieldView?
    let hasAttempts: Bool
    let attempts: [TimelineEntry]
}

struct PersonView: Sendable {
    let name: String
    let phone: String
    let login: String
}

/// The company code in groups, and letter by letter as it is dictated in the client's language.
struct CodeView: Sendable {
    let text: String
    let spelled: [String]

    init(_ code: Redacted<String>, _ words: Words) {
        let plain = code.reveal()
        let characters = Array(plain)
        text = stride(from: 0, to: characters.count, by: 4).map { start in
            String(characters[start..<min(characters.count, start + 4)])
        }.joined(separator: " ")
        spelled = characters.filter { $0.isLetter || $0.isNumber }.map { character in
            let key = "onboarding.spell.\(character.lowercased())"
            return words.has(key) ? words(key) : String(character)
        }
    }
}
