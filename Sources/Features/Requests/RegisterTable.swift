/// What a table's columns mean and what becomes of them when a client is erased: one entry of `sql/register`.
package struct RegisterTable: Sendable, Hashable {
    /// Whose data the rows are; only a client's are erased.
    package enum Owner: String, Sendable, CaseIterable {
        case client, staff, portal, system
    }

    package let module: String
    package let name: String
    package let owner: Owner
    /// Which rows are a client's; nil for what is no client's.
    package let rows: RegisterRows?
    /// SQL about the row `t`, true for rows that are another client's ($2 is the client's id) as well and stay.
    package let exception: String?
    /// Why the law may have it kept; a class without a period is erased on request.
    package let retention: String?
    /// Whether rows vanish whole; else their columns are erased one by one.
    package let isDeleted: Bool
    /// By class: SQL of the day on which its retention begins, of the row `t`.
    package let starts: [String: String]
    package let columns: [RegisterColumn]
}

/// One column: its meaning and, in rows that stay, its fate.
package struct RegisterColumn: Sendable, Hashable {
    package enum Meaning: String, Sendable, CaseIterable {
        /// Nothing that tells of a person.
        case none
        /// A key of ours or of a neighbour's system, which is nobody without that system.
        case reference
        /// A number or name by which others know the person.
        case identifier
        case name, contact, address, birth, money
        /// Typed freely, so that it may say anything.
        case text
        /// A letter, a form, a picture.
        case document
        case secret
        /// When somebody did what.
        case behaviour
        /// A member of staff, whose part in the matter stays told.
        case staff

        /// Whether it may stay in a client's row without a fate.
        var isHarmless: Bool { self == .none || self == .reference || self == .staff }
    }

    package enum Fate: String, Sendable, CaseIterable {
        /// Stays as it is.
        case stays
        /// Becomes NULL, or empty where NULL may not be.
        case erase
        /// Becomes a word that stands for nobody.
        case pseudonymise
        /// Ciphertext; its key is destroyed.
        case sealed
    }

    package let name: String
    package let meaning: Meaning
    package let fate: Fate
    /// The class of this column where it is not the table's.
    package let retention: String?
}

/// Everything wrong with the register.
package struct RegisterFaults: Error, Sendable, Hashable, CustomStringConvertible {
    package let faults: [String]

    package var description: String { faults.joined(separator: "\n") }
}
