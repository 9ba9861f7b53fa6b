import Access
import DeskKit
import DeskWeb
import Portals

/// The queue of requests, grouped by how urgent they are.
struct QueuePage: Page {
    static let template = "requests/queue"

    struct Chip: Sendable {
        let text: String
        let href: String
        let isCurrent: Bool
    }

    struct Group: Sendable {
        let title: String
        let tone: String
        let rows: [Row]
    }

    struct Row: Sendable {
        let number: String
        let href: String
        let kind: String
        let who: String
        let client: String?
        let portal: String
        let due: String
        let dueDate: String
        let state: TagView
        let holder: String
        let snoozed: String?
    }

    /// A view that the reader keeps.
    struct Saved: Sendable {
        let id: String
        let text: String
        let href: String
        let isCurrent: Bool
        let remove: String
    }

    let views: [Chip]
    let kinds: [Chip]
    let saved: [Saved]
    let hasSaved: Bool
    let view: String
    let kind: String
    let name: FieldView
    let problems: ProblemsView?
    let isNaming: Bool
    let groups: [Group]
    let empty: EmptyView?
    let after: String?
    let mayTake: Bool
    /// Where a request of nobody known may be taken in, portal by portal.
    let opening: [Chip]
}

/// What the queue was asked for, as the URL says it.
struct QueueFilter: Sendable, Equatable {
    var view = QueueView.all
    var kind: RequestKind?

    init(view: QueueView = .all, kind: RequestKind? = nil) {
        self.view = view
        self.kind = kind
    }

    /// As it was written in a URL or a form; what is unknown filters nothing.
    init(view: String?, kind: String?) {
        self.init(
            view: view.flatMap { QueueView(rawValue: $0) } ?? .all,
            kind: kind.flatMap { RequestKind(rawValue: $0) }
        )
    }

    func href(view: QueueView? = nil, kind: RequestKind?? = nil) -> String {
        let view = view ?? self.view
        let kind = kind ?? self.kind
        let parts =
            (view == .all ? [] : ["view=\(view.rawValue)"]) + (kind.map { ["kind=\($0.rawValue)"] } ?? [])
        return parts.isEmpty ? "/requests" : "/requests?\(parts.joined(separator: "&"))"
    }
}

/// Makes the queue for one reader.
struct QueueMaker {
    let filter: QueueFilter
    let portals: [PortalProfile]
    let staff: StaffContext
    let words: Words
    let saved: [SavedView]
    var form: Form?
    var errors = FieldErrors()

    func page(_ rows: [QueueLine], _ counts: ViewCounts, after: String?) -> QueuePage {
        let fields = Fields(words, form: form, errors: errors)
        return QueuePage(
            views: QueueView.allCases.map { view in
                let count = view.count(counts).map { " \(words.count(CappedCount($0)))" } ?? ""
                return .init(
                    text: words("requests.view.\(view.rawValue)") + count,
                    href: filter.href(view: view),
                    isCurrent: filter.view == view
                )
            },
            kinds: [
                .init(
                    text: words("requests.queue.every_kind"),
                    href: filter.href(kind: .some(nil)),
                    isCurrent: filter.kind == nil
                )
            ]
                + RequestKind.allCases.map { kind in
                    .init(
                        text: words("requests.kind.\(kind.rawValue)"),
                        href: filter.href(kind: kind),
                        isCurrent: filter.kind == kind
                    )
                },
            saved: saved.map { view in
                .init(
                    id: "\(view.id)",
                    text: view.name,
                    href: view.filter.href(),
                    isCurrent: view.filter == filter,
                    remove: words("requests.queue.remove_view", ["name": .text(view.name)])
                )
            },
            hasSaved: !saved.isEmpty,
            view: filter.view.rawValue,
            kind: filter.kind?.rawValue ?? "",
            name: fields.text("name", "requests.form.view_name", max: 60),
            problems: fields.problems,
            isNaming: !errors.isEmpty,
            groups: groups(rows),
            empty: rows.isEmpty
                ? EmptyView(title: words("requests.queue.none"), text: words("requests.queue.none_text")) : nil,
            after: after,
            mayTake: staff.may(.requestsHandle) || staff.may(.requestsDecide) || staff.may(.requestsExecute),
            opening: portals.filter { staff.may(.requestsHandle, $0.id) }.map {
                .init(
                    text: words("requests.queue.take_in", ["portal": .text($0.name)]),
                    href: "/requests/\($0.key)/new",
                    isCurrent: false
                )
            }
        )
    }

    private func groups(_ rows: [QueueLine]) -> [QueuePage.Group] {
        if filter.view == .ended {
            return rows.isEmpty
                ? [] : [.init(title: words("requests.view.ended"), tone: "plain", rows: rows.compactMap(row))]
        }
        return QueueLine.Severity.allCases.compactMap { severity in
            let lines = rows.filter { $0.severity == severity }
            guard !lines.isEmpty else { return nil }
            let tone =
                switch severity {
                case .overdue: "bad"
                case .soon: "warn"
                case .later, .waiting: "plain"
                }
            return .init(
                title: words("requests.severity.\(severity.rawValue)"),
                tone: tone,
                rows: lines.compactMap(row)
            )
        }
    }

    private func row(_ line: QueueLine) -> QueuePage.Row? {
        guard let portal = portals.first(where: { $0.id == line.portalID }) else { return nil }
        return QueuePage.Row(
            number: words("requests.number_short", ["number": .text("\(line.id)")]),
            href: "/requests/\(portal.key)/\(line.id)",
            kind: words("requests.kind.\(line.kind.rawValue)"),
            who: line.clientName ?? line.requesterName,
            client: line.clientID.map { "/clients/\(portal.key)/\($0)" },
            portal: portal.name,
            due: words.relative(line.effectiveDue, to: line.today),
            dueDate: words.shortDate(line.effectiveDue),
            state: line.state.tag(words),
            holder: line.heldByName ?? "–",
            snoozed: filter.view == .snoozed
                ? line.snoozedUntil.map { words("requests.queue.until", ["date": .text(words.shortDate($0))]) } : nil
        )
    }
}

extension RequestState {
    /// The state in a word and its colour.
    func tag(_ words: Words) -> TagView {
        let tone: TagView.Tone =
            switch self {
            case .received, .identity, .assessment, .plan: .plain
            case .waitingClient, .blocked, .held, .coolingOff: .warn
            case .decision, .approved, .executing: .warn
            case .failed: .bad
            case .verifying, .notified, .partial, .closed: .good
            case .withdrawn, .duplicate, .lapsed: .plain
            }
        return TagView(tone, words("requests.state.\(rawValue)"))
    }
}
