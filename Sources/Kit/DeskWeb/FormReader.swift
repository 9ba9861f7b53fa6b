package import DeskKit

/// Reads typed values from a form and gathers what is wrong. A value that fails answers nil, with its sentence noted
/// at the field; `errors.isEmpty` says whether the form may be acted on.
package struct FormReader: Sendable {
    package let form: Form
    package var errors = FieldErrors()

    package init(_ form: Form) {
        self.form = form
    }

    /// A required text, trimmed, of one line unless `lines`; at most `max` characters.
    package mutating func text(_ name: String, max: Int = 200, lines: Bool = false) -> String? {
        guard let value = optionalText(name, max: max, lines: lines) else {
            errors.add(name, "desk.field.required")
            return nil
        }
        return value
    }

    /// A text that may be left empty: nil then.
    package mutating func optionalText(_ name: String, max: Int = 200, lines: Bool = false) -> String? {
        let value = form[name].trimmingBlanks
        guard !value.isEmpty else { return nil }
        guard value.count <= max else {
            errors.add(name, "desk.field.too_long", ["n": .number(max)])
            return nil
        }
        let isClean = value.unicodeScalars.allSatisfy { scalar in
            scalar.properties.generalCategory != .control || (lines && (scalar == "\n" || scalar == "\t"))
        }
        guard isClean else {
            errors.add(name, "desk.field.control")
            return nil
        }
        return value
    }

    /// A required whole number within bounds.
    package mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let text = text(name, max: 20) else { return nil }
        let plain = text.filter { !$0.isWhitespace }
        guard let value = Int(plain), range.contains(value) else {
            errors.add(
                name,
                "desk.field.number",
                ["low": .number(range.lowerBound), "high": .number(range.upperBound)]
            )
            return nil
        }
        return value
    }

    /// A required day as `<input type="date">` sends it, or typed as 21.11.2026, 2026.11.21. or 2026-11-21.
    package mutating func date(_ name: String) -> CivilDate? {
        guard let text = text(name, max: 40) else { return nil }
        guard let value = CivilDate(typed: text) else {
            errors.add(name, "desk.field.date")
            return nil
        }
        return value
    }

    /// A day that may be left empty.
    package mutating func optionalDate(_ name: String) -> CivilDate? {
        form[name].trimmingBlanks.isEmpty ? nil : date(name)
    }

    /// A required choice among the cases of a code.
    package mutating func choice<Code: RawRepresentable>(_ name: String, _ code: Code.Type) -> Code?
    where Code.RawValue == String {
        guard let value = Code(rawValue: form[name]) else {
            errors.add(name, form[name].isEmpty ? "desk.field.required" : "desk.field.choice")
            return nil
        }
        return value
    }

    /// Choices among the cases of a code, as checkboxes of one name send them; unknown ones are an error.
    package mutating func choices<Code: RawRepresentable>(_ name: String, _ code: Code.Type) -> [Code]
    where Code.RawValue == String {
        form.all(name).compactMap { text in
            if let value = Code(rawValue: text) { return value }
            errors.add(name, "desk.field.choice")
            return nil
        }
    }

    /// The key of a row, as hidden fields and selections send it.
    package mutating func key<Key: LosslessStringConvertible>(_ name: String, _ kind: Key.Type) -> Key? {
        guard let value = Key(form[name]) else {
            errors.add(name, form[name].isEmpty ? "desk.field.required" : "desk.field.choice")
            return nil
        }
        return value
    }

    /// Whether a checkbox was ticked.
    package func isOn(_ name: String) -> Bool {
        form.has(name)
    }

    /// Notes a sentence at a field unless a condition holds.
    package mutating func require(
        _ holds: Bool,
        _ name: String,
        _ key: String,
        _ arguments: [String: TextArgument] = [:]
    ) {
        if !holds { errors.add(name, key, arguments) }
    }
}

extension CivilDate {
    /// Reads a day as people of our languages type it; the year always has four digits.
    package init?(typed text: String) {
        let parts = text.split { !$0.isNumber }.map(String.init)
        guard parts.count == 3, text.allSatisfy({ $0.isASCII && ($0.isNumber || "-./ ".contains($0)) }) else {
            return nil
        }
        let numbers = parts.compactMap { Int($0) }
        guard numbers.count == 3 else { return nil }
        if parts[0].count == 4 {
            self.init(year: numbers[0], month: numbers[1], day: numbers[2])
        } else if parts[2].count == 4 {
            self.init(year: numbers[2], month: numbers[1], day: numbers[0])
        } else {
            return nil
        }
    }
}
