package import Access
package import DeskKit
package import DeskWeb
package import Portals
package import Postgres

/// A part of the client's page that another room fills: accounts, messages, history. The page asks in its own session,
/// so that everything on it is of one moment.
package protocol ClientPanel: Sendable {
    /// Nil where this member of staff may not see it.
    func view(of client: ShownClient, in session: Session) throws -> ClientPanelView?
}

/// Whose page it is and who reads it.
package struct ShownClient: Sendable {
    package let id: ClientID
    package let portal: PortalProfile
    package let staff: StaffContext
    package let words: Words
    package let today: CivilDate
}

/// What a panel shows: a table, or a list of what happened.
package struct ClientPanelView: Sendable {
    package struct Column: Sendable {
        let title: String
        let isNumber: Bool

        /// `title` is already in the reader's language.
        package init(_ title: String, isNumber: Bool = false) {
            self.title = title
            self.isNumber = isNumber
        }
    }

    package struct Cell: Sendable {
        let text: String
        let detail: String?
        let href: String?
        let tag: TagView?
        let isNumber: Bool
        let keep: Bool

        package init(
            _ text: String,
            detail: String? = nil,
            href: String? = nil,
            isNumber: Bool = false,
            keep: Bool = false
        ) {
            self.text = text
            self.detail = detail
            self.href = href
            self.isNumber = isNumber
            self.keep = keep
            tag = nil
        }

        package init(_ tag: TagView, detail: String? = nil) {
            text = ""
            self.detail = detail
            href = nil
            isNumber = false
            keep = false
            self.tag = tag
        }
    }

    struct Row: Sendable {
        let cells: [Cell]
    }

    let id: String
    let title: String
    let columns: [Column]
    let rows: [Row]
    let hasRows: Bool
    let entries: [TimelineEntry]
    let hasEntries: Bool
    let empty: String?
    let href: String?
    let action: String?
    let isAside: Bool
    /// Stands above the client's book: who may use the portal comes before what they see there.
    let isLeading: Bool
    /// What the identity bar says of it: whatever blocks the client.
    let tags: [TagView]

    /// A table. `empty` says what to do when there are no rows; `action` leads to where one may go on. A leading one
    /// stands above the client's book, any other below it.
    package init(
        id: String,
        title: String,
        columns: [Column],
        rows: [[Cell]],
        empty: String,
        href: String? = nil,
        action: String? = nil,
        isLeading: Bool = false,
        tags: [TagView] = []
    ) {
        self.id = id
        self.title = title
        self.isLeading = isLeading
        self.tags = tags
        self.columns = columns
        self.rows = rows.map(Row.init)
        hasRows = !rows.isEmpty
        entries = []
        hasEntries = false
        self.empty = rows.isEmpty ? empty : nil
        self.href = href
        self.action = action
        isAside = false
    }

    /// A list of what happened, at the page's side. `action` leads to what is older, where there is more.
    package init(
        id: String,
        title: String,
        entries: [TimelineEntry],
        empty: String,
        href: String? = nil,
        action: String? = nil
    ) {
        self.id = id
        self.title = title
        tags = []
        columns = []
        rows = []
        hasRows = false
        self.entries = entries
        hasEntries = !entries.isEmpty
        self.empty = entries.isEmpty ? empty : nil
        self.href = href
        self.action = action
        isAside = true
        isLeading = false
    }
}
