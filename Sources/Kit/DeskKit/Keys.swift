/// The kinds of rows that have a key of their own; each names one table's row in the words of the house.
package enum Tag {
    package enum Staff {}
    package enum Client {}
    package enum Contact {}
    package enum Contract {}
    package enum Asset {}
    package enum Instalment {}
    package enum Invoice {}
    package enum Payment {}
    package enum Policy {}
    package enum Account {}
    package enum Access {}
    package enum Application {}
    package enum Scan {}
    package enum Verification {}
    package enum ClientRequest {}
    package enum Call {}
    package enum Rule {}
    package enum Reminder {}
    package enum Message {}
    package enum Attempt {}
    package enum Provider {}
    package enum Job {}
    package enum Schedule {}
    package enum Run {}
    package enum AuditEntry {}
    package enum Text {}
    package enum TextVersion {}
    package enum Cookie {}
    package enum Purpose {}
    package enum Consent {}
}

package typealias StaffID = Identifier<Tag.Staff>
package typealias ClientID = Identifier<Tag.Client>
package typealias ContactID = Identifier<Tag.Contact>
package typealias ContractID = Identifier<Tag.Contract>
package typealias AssetID = Identifier<Tag.Asset>
package typealias InstalmentID = Identifier<Tag.Instalment>
package typealias InvoiceID = Identifier<Tag.Invoice>
package typealias PaymentID = Identifier<Tag.Payment>
package typealias PolicyID = Identifier<Tag.Policy>
package typealias AccountID = Identifier<Tag.Account>
package typealias AccessID = Identifier<Tag.Access>
package typealias ApplicationID = Identifier<Tag.Application>
package typealias ScanID = Identifier<Tag.Scan>
package typealias VerificationID = Identifier<Tag.Verification>
package typealias ClientRequestID = Identifier<Tag.ClientRequest>
package typealias CallID = Identifier<Tag.Call>
package typealias RuleID = Identifier<Tag.Rule>
package typealias ReminderID = Identifier<Tag.Reminder>
package typealias MessageID = Identifier<Tag.Message>
package typealias AttemptID = Identifier<Tag.Attempt>
package typealias ProviderID = Identifier<Tag.Provider>
package typealias JobID = Identifier<Tag.Job>
package typealias ScheduleID = Identifier<Tag.Schedule>
package typealias RunID = Identifier<Tag.Run>
package typealias AuditEntryID = Identifier<Tag.AuditEntry>
package typealias TextID = Identifier<Tag.Text>
package typealias TextVersionID = Identifier<Tag.TextVersion>
package typealias CookieID = Identifier<Tag.Cookie>
package typealias PurposeID = Identifier<Tag.Purpose>
package typealias ConsentID = Identifier<Tag.Consent>
