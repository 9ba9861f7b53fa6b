import Access
import DeskKit
import DeskWeb
import HTTPTypes
import TestKit
import Testing

@testable import Messaging

@Suite struct ProviderPagesTests {
    private let path = "/messaging/providers/warsaw"
    private let mail = [
        "name": "Post", "host": "mail.example.test", "port": "587", "encryption": "starttls", "user": "desk",
        "secret": "s3cret-w0rd",
    ]
    private let gateway = [
        "name": "Gate", "url": "https://sms.example.test/send", "placement": "form", "charset": "utf-8",
        "parameters": "to = {to}\ntext = {text}", "headers": "X-Key = {secret}", "statuses": "200, 202",
        "success_pattern": "^OK",
    ]

    private func add(_ console: Console, _ kind: String, _ fields: [String: String]) async throws -> Console.Answer {
        try await console.post("\(path)/new?kind=\(kind)", fields, as: [.administrator])
    }

    @Test func `an SMTP server is added with its password sealed, and put into use`() async throws {
        let console = try await Console.make()
        let added = try await add(console, "smtp", mail)
        #expect(added.status == .seeOther)
        #expect(
            try await console.post.column(
                "SELECT settings::text || ' ' || active || ' ' || (position('s3cret'::bytea IN secret)) FROM provider "
                    + "WHERE kind = 'smtp'"
            ) == [
                #"{"host": "mail.example.test", "port": 587, "user": "desk", "encryption": "starttls"} false 0"#
            ]
        )
        let activated = try await console.post("\(added.location)/activate", as: [.administrator])
        #expect(activated.status == .seeOther)
        #expect(
            try await console.post.column(
                "SELECT kind || ' ' || channel || ' ' || active FROM provider WHERE portal_id = 1 ORDER BY id"
            ) == ["local sms true", "local email false", "smtp email true"]
        )
        let page = try await console.get(added.location, as: [.administrator])
        #expect(page.body.contains("mail.example.test") && !page.body.contains("s3cret-w0rd"))
        #expect(
            try await console.trail() == [
                #"provider.added Eva {"kind": "smtp", "name": "Post"}"#,
                #"provider.activated Eva {"name": "Post", "channel": "email"}"#,
            ]
        )
    }

    @Test func `a double click adds it once`() async throws {
        let console = try await Console.make()
        var form = mail
        form[FormKey.field] = FormKey.issue().rawValue
        let answers = [try await add(console, "smtp", form), try await add(console, "smtp", form)]
        #expect(Set(answers.map(\.location)).count == 1)
        #expect(try await console.post.column("SELECT count(*) FROM provider WHERE kind = 'smtp'") == ["1"])
    }

    @Test(arguments: [
        ("host", "a b", "host", "This is no host name"), ("port", "70000", "port", "65,535"),
        ("encryption", "none", "encryption", "unencrypted"), ("name", "", "name", "f-name-error"),
    ])
    func `each setting of a mail server is judged at its field`(
        field: String,
        value: String,
        at: String,
        says: String
    ) async throws {
        let console = try await Console.make()
        let answer = try await add(console, "smtp", mail.merging([field: value]) { $1 })
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("f-\(at)-error") && answer.body.contains(says))
        #expect(field == "name" || answer.body.contains("value=\"Post\""))
        #expect(!answer.body.contains("s3cret-w0rd"))
        #expect(try await console.post.column("SELECT 1 FROM provider WHERE kind = 'smtp'").isEmpty)
    }

    @Test(arguments: [
        ("url", "ftp://x/", "url"), ("parameters", "to {to}", "parameters"),
        ("parameters", "to = {too}", "parameters"), ("headers", "X-Key = {nothing}", "headers"),
        ("success_pattern", "(", "success_pattern"), ("temporary_pattern", "[", "temporary_pattern"),
        ("statuses", "20", "statuses"), ("statuses", "ok", "statuses"), ("placement", "", "placement"),
    ])
    func `each setting of a gateway is judged at its field`(field: String, value: String, at: String) async throws {
        let console = try await Console.make()
        let answer = try await add(console, "http_sms", gateway.merging([field: value]) { $1 })
        #expect(answer.status == .unprocessableContent)
        #expect(answer.body.contains("f-\(at)-error"))
        #expect(try await console.post.column("SELECT 1 FROM provider WHERE kind = 'http_sms'").isEmpty)
    }

    @Test func `a gateway's settings come back as they were typed`() async throws {
        let console = try await Console.make()
        let added = try await add(console, "kannel", gateway)
        let page = try await console.get(added.location, as: [.administrator])
        #expect(page.body.contains("to = {to}\ntext = {text}") && page.body.contains("X-Key = {secret}"))
        #expect(page.body.contains("200, 202") && page.body.contains("value=\"^OK\""))
    }

    @Test func `Kannel's form begins with its parameters`() async throws {
        let console = try await Console.make()
        let page = try await console.get("\(path)/new?kind=kannel", as: [.administrator])
        #expect(page.body.contains("charset = UTF-8") && page.body.contains("coding = {coding}"))
        #expect(try await console.get("\(path)/new?kind=x", as: [.administrator]).status == .notFound)
    }

    @Test func `a change keeps the password, unless the address changes`() async throws {
        let console = try await Console.make()
        let place = try await add(console, "smtp", mail).location
        let before = try await console.post.column("SELECT encode(secret, 'hex') FROM provider WHERE kind = 'smtp'")
        var form = mail.merging(["secret": "", "version": "1", "name": "Mail"]) { $1 }
        #expect(try await console.post(place, form, as: [.administrator]).status == .seeOther)
        #expect(
            try await console.post.column("SELECT encode(secret, 'hex') FROM provider WHERE kind = 'smtp'") == before
        )
        form.merge(["version": "2", "host": "elsewhere.example.test"]) { $1 }
        let refused = try await console.post(place, form, as: [.administrator])
        #expect(refused.status == .unprocessableContent && refused.body.contains("Type the password for it."))
        form["secret"] = "another"
        #expect(try await console.post(place, form, as: [.administrator]).status == .seeOther)
        #expect(
            try await console.trail().suffix(2) == [
                #"provider.changed Eva {"name": "Mail", "fields": "name"}"#,
                #"provider.changed Eva {"name": "Mail", "fields": "host, secret"}"#,
            ]
        )
        form.merge(["version": "3", "user": "", "secret": "", "encryption": "none"]) { $1 }
        #expect(try await console.post(place, form, as: [.administrator]).status == .seeOther)
        #expect(try await console.post.column("SELECT secret::text FROM provider WHERE kind = 'smtp'").isEmpty)
    }

    @Test func `of two changes the second is told`() async throws {
        let console = try await Console.make()
        let place = try await add(console, "smtp", mail).location
        let form = mail.merging(["version": "1"]) { $1 }
        #expect(
            try await console.post(place, form.merging(["name": "A"]) { $1 }, as: [.administrator]).status == .seeOther
        )
        let second = try await console.post(place, form.merging(["name": "B"]) { $1 }, as: [.administrator], staff: 2)
        #expect(second.status == .unprocessableContent && second.body.contains("Somebody changed this provider"))
        #expect(second.body.contains("value=\"B\""))
        #expect(try await console.post.column("SELECT name FROM provider WHERE kind = 'smtp'") == ["A"])
    }

    @Test func `what is in use cannot be put into use again`() async throws {
        let console = try await Console.make()
        let answer = try await console.post("\(path)/1/activate", as: [.administrator])
        #expect(answer.status == .seeOther && answer.location == "/messaging/providers")
        #expect(try await console.trail().isEmpty)
    }

    @Test func `a provider is taken out of use alone, once, and messages wait`() async throws {
        let console = try await Console.make()
        let page = try await console.get("\(path)/1", as: [.administrator])
        #expect(page.body.contains("action=\"\(path)/1/retire\""))
        async let left = console.post("\(path)/1/retire", as: [.administrator])
        async let right = console.post("\(path)/1/retire", as: [.administrator], staff: 2)
        let answers = [try await left, try await right]
        #expect(answers.map(\.status) == [.seeOther, .seeOther])
        let active = try await console.post.column("SELECT active::text FROM provider WHERE portal_id = 1 AND id = 1")
        #expect(active == ["false"])
        #expect(try await console.trail().filter { $0.hasPrefix("provider.retired") }.count == 1)
        try await console.post.enqueue(console.post.message())
        try await console.post.work()
        #expect(try await console.post.states() == ["planned 0"])
        #expect(try await console.get("/messaging/providers", as: [.administrator]).body.contains("messages wait"))
        #expect(!(try await console.get("\(path)/1", as: [.administrator]).body.contains("/retire")))
        #expect(try await console.post("\(path)/2/retire", as: [.scheduler]).status == .forbidden)
        #expect(try await console.post("\(path)/99/retire", as: [.administrator]).status == .notFound)
    }

    @Test func `others' providers are hidden, and only administrators change them`() async throws {
        let console = try await Console.make()
        let theirs = try await console.post.column("SELECT id FROM provider WHERE portal_id = 2 LIMIT 1")
        let id = try #require(theirs.first)
        for place in ["/messaging/providers/budapest/\(id)", "\(path)/\(id)"] {
            #expect(try await console.get(place, as: [.administrator]).status == .notFound)
            #expect(try await console.post(place, mail, as: [.administrator]).status == .notFound)
            #expect(try await console.post("\(place)/activate", as: [.administrator]).status == .notFound)
        }
        #expect(try await console.post("\(path)/new?kind=smtp", mail, as: [.scheduler]).status == .forbidden)
        #expect(try await console.post("\(path)/1", mail, as: [.helpdesk]).status == .forbidden)
        #expect(try await console.post("\(path)/2/activate", as: [.auditor]).status == .forbidden)
        #expect(try await console.trail().isEmpty)
    }

    @Test func `the inbox exists where the built-in provider is in use`() async throws {
        let without = try await Console.make(local: false)
        #expect(try await without.get("/messaging/inbox", as: [.helpdesk]).status == .notFound)
        let console = try await Console.make()
        try await console.post.enqueue(console.post.message { $0.values["login"] = "<b>żak" })
        try await console.post.enqueue(console.post.message { ($0.portal, $0.language) = (Post.budapest, "hu") })
        try await console.post.work()
        let inbox = try await console.get("/messaging/inbox", as: [.verifier])
        #expect(inbox.status == .ok)
        #expect(inbox.body.contains("+48600100127") && inbox.body.contains("K7QX-99"))
        #expect(inbox.body.contains("&lt;b&gt;żak") && !inbox.body.contains("Jelentkezzen"))
        let mail = try await console.get("/messaging/inbox?channel=email", as: [.verifier])
        #expect(!mail.body.contains("K7QX-99"))
        #expect(try await console.trail().count { $0.contains("message.inbox_viewed") } == 2)
        #expect(try await console.get("/messaging/inbox", as: []).status == .forbidden)
    }
}
