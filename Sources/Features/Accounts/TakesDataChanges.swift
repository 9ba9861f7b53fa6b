package import DeskKit
package import Portals
package import Postgres

/// Asked of Requests: what a client wants changed joins the queue of staff, in the caller's transaction.
package protocol TakesDataChanges: Sendable {
    /// Throws `DataChangeRefusal`, `PostgresError`.
    func take(_ wish: DataChangeWish, portal: PortalProfile, in session: Session) throws -> TakenRequest
}

/// What somebody who is signed in wants changed of one client.
package struct DataChangeWish: Sendable {
    package struct Change: Sendable {
        package let datum: ClientDatum
        package let value: String
    }

    package let account: AccountID
    package let client: ClientID
    package let personName: String
    package let language: String
    package let changes: [Change]
    /// The contract that a change of its terms is about, by its number.
    package let contract: String?
    package let note: String
}

/// A request that was taken in, as the client is told of it.
package struct TakenRequest: Sendable {
    package let number: Int64
    package let dueOn: CivilDate

    package init(number: Int64, dueOn: CivilDate) {
        self.number = number
        self.dueOn = dueOn
    }
}

/// Why it is not taken in; the portal API says it as `accounts.api.<raw value>`.
package enum DataChangeRefusal: String, Error {
    /// A change of the same datum waits for its decision.
    case pending = "change_pending"
    /// Record and contract are asked for apart, since they are decided by other rules.
    case mixed = "mixed_change"
    /// The client has no contract of this number, or none was named.
    case noContract = "no_contract"
}
