import DeskKit
import Foundation
import Testing

@testable import DeskWeb

private enum Colour: String, CaseIterable { case red, blue }

@Suite struct FormTests {
    @Test func `what was typed arrives as it was`() throws {
        let form = try #require(Form(urlencoded: "name=%C5%81%C3%B3d%C5%BA+%F0%9F%9A%97&a=1&a=2&e=&l=x%0D%0Ay".utf8))
        #expect(form["name"] == "Łódź 🚗")
        #expect(form.all("a") == ["1", "2"])
        #expect(form.has("e") && form["e"].isEmpty && !form.has("z"))
        #expect(form["l"] == "x\ny")
    }

    @Test(arguments: ["a=%ff", "a=%00", "a=%4", "a=%zz"])
    func `bytes that are no text are refused`(body: String) {
        #expect(Form(urlencoded: body.utf8) == nil)
    }

    @Test func `each wrong field has one sentence and nothing else is lost`() throws {
        var read = FormReader(
            Form([
                ("name", "  "), ("day", "31.02.2026"), ("n", "70"), ("colour", "green"), ("long", "abcdef"),
                ("bell", "a\u{7}"), ("id", "x"),
            ])
        )
        #expect(read.text("name") == nil)
        #expect(read.date("day") == nil)
        #expect(read.integer("n", in: 1...60) == nil)
        #expect(read.choice("colour", Colour.self) == nil)
        #expect(read.text("long", max: 5) == nil)
        #expect(read.text("bell") == nil)
        #expect(read.key("id", ClientID.self) == nil)
        #expect(
            read.errors.fields.mapValues(\.key) == [
                "name": "desk.field.required", "day": "desk.field.date", "n": "desk.field.number",
                "colour": "desk.field.choice", "long": "desk.field.too_long", "bell": "desk.field.control",
                "id": "desk.field.choice",
            ]
        )
    }

    @Test(arguments: ["2026-11-21", "21.11.2026", "2026. 11. 21.", "21/11/2026", "21-11-2026"])
    func `days are read as people type them`(text: String) throws {
        var read = FormReader(Form([("day", text)]))
        #expect(read.date("day")?.iso == "2026-11-21")
    }

    @Test func `good values come through typed`() throws {
        var read = FormReader(Form([("n", "1 000"), ("colour", "blue"), ("c", "red"), ("c", "blue"), ("ok", "on")]))
        #expect(read.integer("n", in: 1...5000) == 1000)
        #expect(read.choice("colour", Colour.self) == .blue)
        #expect(read.choices("c", Colour.self) == [.red, .blue])
        #expect(read.isOn("ok") && !read.isOn("no"))
        #expect(read.optionalText("none") == nil && read.optionalDate("none") == nil)
        #expect(read.errors.isEmpty)
    }

    @Test func `a field shown again keeps its value and tells its error`() throws {
        var errors = FieldErrors()
        errors.add("phone", "desk.field.phone")
        errors.add("phone", "desk.field.required")
        let fields = Fields(try Frames.words(.english), form: Form([("phone", "<12"), ("pin", "9")]), errors: errors)
        let page = OneField(
            field: fields.text("phone", "desk.find.label", "stored", kind: .tel, hint: "desk.find.hint")
        )
        let html = try Frames.html(page, try components())
        #expect(html.contains("value=\"&lt;12\""))
        #expect(html.contains("aria-invalid=\"true\""))
        #expect(html.contains("aria-describedby=\"f-phone-hint f-phone-error\""))
        #expect(html.contains("id=\"f-phone-error\">This is not a phone number"))
        #expect(html.contains("autofocus"))
        #expect(fields.text("pin", "desk.find.label", kind: .password).value.isEmpty)
        #expect(fields.problems?.count?.contains("One field") == true)
    }

    @Test func `a form key is one of ours or none`() {
        #expect(FormKey(rawValue: FormKey.issue().rawValue) != nil)
        #expect(FormKey.issue() != FormKey.issue())
        #expect(FormKey(rawValue: "x") == nil)
        #expect(FormKey(rawValue: String(repeating: "'", count: 22)) == nil)
    }

    private struct OneField: Page {
        static let template = "m/p"
        let field: FieldView
    }

    private func components() throws -> [String: String] {
        let folder = "\(Frames.root)/components"
        return [
            "m/p": "{{#field}}{{> field}}{{/field}}",
            "field": try String(contentsOfFile: "\(folder)/field.mustache", encoding: .utf8),
            "field-notes": try String(contentsOfFile: "\(folder)/field-notes.mustache", encoding: .utf8),
        ]
    }
}
