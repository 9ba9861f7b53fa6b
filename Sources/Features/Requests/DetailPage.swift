import DeskKit
import DeskWeb

/// A request as a whole: who asks for what and until when, what stands against it, what may be done with it now.
struct DetailPage: Page {
    static let template = "requests/detail"

    struct Fact: Sendable {
        let label: String
        let value: String
        let detail: String?
    }

    /// The table of a kind: the sides of a data change, what stands against a deletion.
    struct Table: Sendable {
        let title: String
        let note: String?
        let columns: [String]
        let rows: [[String]]
        let hasRows: Bool
        let empty: String
    }

    struct Letter: Sendable {
        let text: String
        let href: String
        let detail: String
        let print: String?
    }

    struct Evidence: Sendable {
        let label: String
        let pages: [EvidencePage]
    }

    struct EvidencePage: Sendable {
        let label: String
        let href: String
    }

    let title: String
    let kind: String
    let state: TagView
    let urgency: TagView?
    let client: String
    let clientHref: String?
    let portal: String
    let holder: String
    let problem: String?
    let facts: [Fact]
    let statement: String?
    let table: Table?
    let letters: [Letter]
    let hasLetters: Bool
    let evidence: [Evidence]
    let hasEvidence: Bool
    let upload: FieldView?
    let uploadAction: String
    /// Where an erasure is planned and carried out.
    let plan: String?
    let steps: [RequestStep]
    let hasSteps: Bool
    let history: [TimelineEntry]
}

/// One thing that may be done with a request now: a button, or a form behind one.
struct RequestStep: Sendable {
    let id: String
    let action: String
    let title: String
    let text: String?
    let button: String
    let isFirst: Bool
    let isDangerous: Bool
    let isOpen: Bool
    let hasForm: Bool
    let selects: [FieldView]
    let inputs: [FieldView]
    let areas: [FieldView]
    /// Where the letter that goes out can be read before; nil where none does.
    let preview: String?
}

/// A letter to be read: before it goes out, or as it went out.
struct LetterPage: Page {
    static let template = "requests/letter"

    struct Hidden: Sendable {
        let name: String
        let value: String
    }

    let title: String
    let back: String
    let request: String
    let notice: String
    let subject: String
    let paragraphs: [[String]]
    let isGone: Bool
    /// The print of a kept letter.
    let print: String?
    /// Where a previewed letter is printed for a look.
    let printAction: String?
    let fields: [Hidden]
}
