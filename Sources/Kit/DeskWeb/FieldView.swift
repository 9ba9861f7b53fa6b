package import DeskKit

/// One field of a form as the components `field`, `area`, `select`, `check`, `choices` and `upload` show it.
package struct FieldView: Sendable {
    package struct Option: Sendable {
        package let value: String
        package let text: String
        package let isChosen: Bool
    }

    package let id: String
    package let name: String
    package let label: String
    package let value: String
    package let hint: String?
    package let error: String?
    /// The ids of hint and error, in that order, for aria-describedby.
    package let describedBy: String?
    package let type: String
    package let isRequired: Bool
    package let isChosen: Bool
    package let options: [Option]
    package let autocomplete: String
    package let inputMode: String?
    package let maxLength: String
    package let accept: String?
    package let isFocused: Bool
    package let isReadOnly: Bool
}

/// Makes the fields of one form: label and hint by key, the value typed or stored, the error under its field.
package struct Fields: Sendable {
    private let words: Words
    private let form: Form?
    private let errors: FieldErrors
    private let prefix: String
    private let firstWrong: String?

    /// `form` is what was typed, when the page is shown again; `prefix` keeps ids apart where forms share a page.
    package init(_ words: Words, form: Form? = nil, errors: FieldErrors = FieldErrors(), prefix: String = "f") {
        self.words = words
        self.form = form
        self.errors = errors
        self.prefix = prefix
        firstWrong = form?.fields.first { errors.fields[$0.name] != nil }?.name
    }

    /// The sentences about the form as a whole and about fields, for `{{> problems}}` above it.
    package var problems: ProblemsView? {
        guard !errors.isEmpty else { return nil }
        return ProblemsView(
            sentences: errors.general.map { words($0.key, $0.arguments) },
            count: errors.fields.isEmpty ? nil : words("desk.form.problems", ["n": .number(errors.fields.count)])
        )
    }

    /// A field of one line: text, e-mail, phone, date, number or password by `kind`. Passwords are never shown again.
    package func text(
        _ name: String,
        _ label: String,
        _ value: String = "",
        kind: Kind = .text,
        hint: String? = nil,
        isRequired: Bool = true,
        max: Int = 200,
        autocomplete: String = "off",
        isReadOnly: Bool = false
    ) -> FieldView {
        let kept = kind == .password || kind == .file ? "" : form.map { $0[name] } ?? value
        return make(
            name,
            label,
            kept,
            kind: kind,
            hint: hint,
            isRequired: isRequired,
            max: max,
            autocomplete: autocomplete,
            isReadOnly: isReadOnly
        )
    }

    /// A day; browsers show their own calendar in the reader's language and send ISO 8601.
    package func date(
        _ name: String,
        _ label: String,
        _ value: CivilDate? = nil,
        hint: String? = nil,
        isRequired: Bool = true
    ) -> FieldView {
        text(name, label, value?.iso ?? "", kind: .date, hint: hint, isRequired: isRequired, max: 40)
    }

    /// A selection or a group of checkboxes; `options` are value and text in the reader's language.
    package func options(
        _ name: String,
        _ label: String,
        _ options: [(value: String, text: String)],
        chosen: Set<String> = [],
        hint: String? = nil,
        isRequired: Bool = true
    ) -> FieldView {
        let chosen = form.map { Set($0.all(name)) } ?? chosen
        let views = options.map {
            FieldView.Option(value: $0.value, text: $0.text, isChosen: chosen.contains($0.value))
        }
        return make(name, label, "", kind: .text, hint: hint, isRequired: isRequired, options: views)
    }

    /// One checkbox.
    package func check(
        _ name: String,
        _ label: String,
        isOn: Bool = false,
        value: String = "on",
        hint: String? = nil,
        isRequired: Bool = false
    ) -> FieldView {
        let isOn = form.map { $0.all(name).contains(value) } ?? isOn
        return make(name, label, value, kind: .text, hint: hint, isRequired: isRequired, isChosen: isOn)
    }

    /// A choice of files; `accept` lists content types. Browsers never keep it, so neither can we.
    package func upload(
        _ name: String,
        _ label: String,
        accept: String,
        hint: String? = nil,
        isRequired: Bool = true
    ) -> FieldView {
        make(name, label, "", kind: .file, hint: hint, isRequired: isRequired, accept: accept)
    }

    package enum Kind: String, Sendable {
        case text, email, tel, date, number, password, file, search, url
        /// Digits as text: no spin buttons, and leading zeros stay.
        case digits
    }

    private func make(
        _ name: String,
        _ label: String,
        _ value: String,
        kind: Kind,
        hint: String?,
        isRequired: Bool,
        max: Int = 200,
        autocomplete: String = "off",
        isReadOnly: Bool = false,
        isChosen: Bool = false,
        options: [FieldView.Option] = [],
        accept: String? = nil
    ) -> FieldView {
        let id = "\(prefix)-\(name)"
        let error = errors.text(name, words)
        let described = [hint.map { _ in "\(id)-hint" }, error.map { _ in "\(id)-error" }].compactMap { $0 }
        return FieldView(
            id: id,
            name: name,
            label: words(label),
            value: value,
            hint: hint.map { words($0) },
            error: error,
            describedBy: described.isEmpty ? nil : described.joined(separator: " "),
            type: kind == .digits || kind == .number ? "text" : kind.rawValue,
            isRequired: isRequired,
            isChosen: isChosen,
            options: options,
            autocomplete: autocomplete,
            inputMode: kind == .digits || kind == .number ? "numeric" : nil,
            maxLength: "\(max)",
            accept: accept,
            isFocused: name == firstWrong,
            isReadOnly: isReadOnly
        )
    }
}

/// What is wrong with a form, announced above it.
package struct ProblemsView: Sendable {
    package let sentences: [String]
    package let count: String?
}
