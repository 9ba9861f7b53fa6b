import DeskKit
import DeskWeb
import Documents
import Portals

/// One step of the form beside the page images.
struct StepPage: Page {
    static let template = "onboarding/step"

    let head: ApplicationHead
    let steps: [StepView]
    let scans: ScanPane
    let title: String
    let intro: String
    let notice: String?
    let conflicts: [ConflictView]
    let groups: [GroupView]
    let add: String?
    let addLabel: String
    let action: String
    let autosave: String
    let checkURL: String
    let back: String?
    let next: String
}

/// What stands above every page of an application.
struct ApplicationHead: Sendable {
    let title: String
    let name: String
    let portal: String
    let state: TagView
    let saved: String
    /// The address of the application.
    let base: String

    init(_ application: PaperApplication, _ words: Words) {
        let row = application.row
        title = words("onboarding.application", ["number": .text("\(row.id)")])
        name = row.clientName.isEmpty ? words("onboarding.nameless") : row.clientName
        portal = application.plan.portal.name
        state = TagView(row.state.tone, words("onboarding.state.\(row.state.rawValue)"))
        saved = words(
            "onboarding.saved_by",
            ["who": .text(row.changedByName), "when": .text(words.recent(row.changedAt, today: row.today))]
        )
        base = "/onboarding/\(application.plan.portal.key)/\(row.id)"
    }
}

extension ApplicationState {
    var tone: TagView.Tone {
        switch self {
        case .draft, .withdrawn: .plain
        case .submitted, .approved: .warn
        case .activated: .good
        case .returned, .refused: .bad
        }
    }
}

struct StepView: Sendable {
    let text: String
    let href: String
    let isCurrent: Bool
    let isDone: Bool
}

/// Two values of one field: the typist decides.
struct ConflictView: Sendable {
    let label: String
    let theirs: String
    let yours: String
}

/// The page images of an application with the one that is open.
struct ScanPane: Sendable {
    struct Thumb: Sendable {
        let label: String
        let href: String
        let image: String
        let isCurrent: Bool
    }

    struct Removal: Sendable {
        let action: String
        let label: String
        let button: String
    }

    let hasPages: Bool
    let label: String
    let image: String
    let thumbs: [Thumb]
    let upload: FieldView?
    let uploadAction: String
    let error: String?
    let removals: [Removal]

    /// `open` is the running number of the page to show, from 1.
    init(
        _ scans: [ScanSummary],
        of head: ApplicationHead,
        path: String,
        open: Int,
        mayChange: Bool,
        error: String?,
        _ words: Words
    ) {
        let pages = scans.flatMap { scan in (1...max(1, scan.pageCount)).map { (scan: scan, page: $0) } }
        let shown = min(max(1, open), max(1, pages.count))
        let images = pages.map { "\(head.base)/scans/\($0.scan.id)/\($0.page)" }
        let total = TextArgument.number(pages.count)
        hasPages = !pages.isEmpty
        label = words("onboarding.scan.page_of", ["page": .number(shown), "total": total])
        image = images.isEmpty ? "" : images[shown - 1]
        thumbs = images.enumerated().map { index, image in
            Thumb(
                label: words("onboarding.scan.page_of", ["page": .number(index + 1), "total": total]),
                href: "\(path)?page=\(index + 1)",
                image: image,
                isCurrent: index + 1 == shown
            )
        }
        uploadAction = "\(head.base)/scans"
        self.error = error
        upload =
            mayChange
            ? Fields(words, prefix: "scan").upload(
                "scan",
                "onboarding.scan.choose",
                accept: "application/pdf,image/jpeg,image/png",
                hint: "onboarding.scan.hint"
            ) : nil
        removals =
            mayChange
            ? scans.enumerated().map { index, scan in
                Removal(
                    action: "\(head.base)/scans/\(scan.id)/removal",
                    label: words(
                        "onboarding.scan.file",
                        [
                            "n": .number(scan.pageCount), "file": .number(index + 1),
                            "size": .text(words.size(Int(scan.byteCount))), "who": .text(scan.uploadedBy),
                        ]
                    ),
                    button: words("onboarding.scan.remove", ["file": .number(index + 1)])
                )
            } : []
    }
}
