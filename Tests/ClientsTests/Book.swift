import Audit
import DeskKit
import Foundation
import Logging
import Portals
import Postgres
import Secrets
import TestKit

@testable import Clients

/// A database with two portals and a folder for the files of an import.
final class Book: Sendable {
    let test: TestDatabase
    let audit: AuditTrail
    let folder: String

    init() async throws {
        test = try await TestDatabase.make()
        audit = AuditTrail(keyRing: try KeyRing.ephemeral())
        folder = NSTemporaryDirectory() + "book-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try await test.sql(
            """
            INSERT INTO portal (id, key, name, country, time_zone, currency, languages, profile) VALUES
                (1, 'warsaw', 'Warsaw', 'PL', 'Europe/Warsaw', 'PLN', '{pl}', '{}'),
                (2, 'pecs', 'Pécs', 'HU', 'Europe/Budapest', 'HUF', '{hu}', '{}')
            """
        )
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Writes a file and answers its path.
    func file(_ name: String, _ text: String) throws -> String {
        try file(name, Array(text.utf8))
    }

    func file(_ name: String, _ bytes: [UInt8]) throws -> String {
        let path = folder + "/" + name
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }

    /// Imports texts by the names of their files, as the worker's role.
    @discardableResult
    func take(
        _ files: [String: String],
        into portal: PortalProfile = Fixture.portal,
        dryRun: Bool = false
    ) async throws -> ImportReport {
        try await take(files.mapValues { Array($0.utf8) }, into: portal, dryRun: dryRun)
    }

    @discardableResult
    func take(
        _ files: [String: [UInt8]],
        into portal: PortalProfile = Fixture.portal,
        dryRun: Bool = false
    ) async throws -> ImportReport {
        let paths = try files.map { try file($0.key, $0.value) }
        return try await ImportBook(audit: audit)(
            paths,
            portal: portal,
            dryRun: dryRun,
            by: .commandLine,
            database: test.workerDatabase
        )
    }

    func value(_ sql: String) async throws -> String? { try await test.value(sql) }

    /// One column as text.
    func column(_ sql: String) async throws -> [String] {
        try await test.sql(sql).compactMap { $0.first ?? nil }
    }
}

/// Files that go together: two clients with everything.
enum Sample {
    static let clientHeader =
        "key,kind,name,country,language,customer_number,tax_number,register_number,personal_number,birth_date,address\n"

    static let clients =
        clientHeader + """
            A1,company,Łódzkie Zakłady Transportu,PL,pl,K-100,999-000-00-08,,,,"ul. Długa 5, 90-001 Łódź"
            B2,person,Anna Nowak,PL,pl,K-200,,,,1980-02-29,

            """
    static let contacts = """
        key,client,kind,value,trusted
        P1,A1,phone,500 000 127,true
        P2,B2,email,Anna.Nowak@Example.com,

        """
    static let contracts = """
        key,client,number,kind,signed_on,starts_on,ends_on,ended_on,currency,net_value_minor,asset_kind,asset_name,\
        registration,vin
        U1,A1,UM/2025/001,operating,2025-01-10,2025-02-01,2099-01-31,,PLN,12000000,car,Škoda Octavia,WW 12345,
        U2,B2,UM/2019/777,loan,2019-01-10,2019-02-01,2022-01-31,,PLN,,,,,
        U3,B2,UM/2090/001,loan,2025-01-10,2090-02-01,,,PLN,,,,,

        """
    static let invoices = """
        key,client,contract,number,issued_on,due_on,amount_minor,currency
        V1,A1,U1,FV/1,2025-03-01,2025-03-15,1000,PLN
        V2,A1,U1,FV/2,2025-03-01,2099-03-15,1000,PLN
        V3,A1,,FV/3,2025-03-01,2099-03-15,1000,PLN
        V4,A1,,FV/4,2025-03-01,2025-03-15,1000,PLN

        """
    static let instalments = """
        key,contract,invoice,kind,number,due_on,amount_minor,currency
        R1,U1,V1,instalment,1,2025-03-15,1000,PLN
        R2,U1,,extra_fee,,2099-03-15,500,PLN
        R3,U1,,insurance,2,2099-04-15,700,PLN

        """
    static let payments = """
        key,invoice,instalment,paid_on,amount_minor,currency
        Z1,V1,,2025-03-10,1000,PLN
        Z2,V2,,2025-03-11,400,PLN
        Z3,,R2,2025-03-11,500,PLN
        Z4,V4,,2025-03-11,999,PLN

        """
    static let policies = """
        key,client,contract,number,kind,variant,insurer,starts_on,expires_on
        L1,A1,U1,POL 1,OC,,PZU SA,2025-01-01,2099-12-31
        L2,A1,U1,POL 2,AC,full,PZU SA,2020-01-01,2020-12-31

        """

    static let all = [
        "clients.csv": clients, "contacts.csv": contacts, "contracts.csv": contracts, "invoices.csv": invoices,
        "instalments.csv": instalments, "payments.csv": payments, "policies.csv": policies,
    ]
}

extension ImportReport {
    /// "line column reason" of one file.
    func wrong(in file: String) -> [String] {
        wrong.filter { $0.file == file }.map { "\($0.line) \($0.column) \($0.reason)" }
    }

    func file(_ name: String) -> File? { files.first { $0.file == name } }
}

extension ImportReport.File {
    var counts: [Int] { [rows, new, changed, same, wrong] }
}
