import Portals

/// Which fields a portal asks for in an application of a kind, given what was answered so far.
struct FormPlan: Sendable {
    let portal: PortalProfile
    let kind: ApplicationKind
    let answers: Answers

    var steps: [FormStep] {
        FormStep.allCases.filter { $0 != .office || kind == .office }
    }

    /// A group of fields under one heading; `item` is set for a repeated part.
    struct Group: Sendable {
        let part: RepeatedPart?
        let item: Int?
        let fields: [FieldSpec]

        init(_ fields: [FieldSpec], part: RepeatedPart? = nil, item: Int? = nil) {
            self.fields = fields
            self.part = part
            self.item = item
        }
    }

    func groups(_ step: FormStep) -> [Group] {
        switch step {
        case .client: [Group(clientFields)]
        case .signatories: repeated(.signatory, signatoryFields)
        case .witness: [Group(witnessFields)]
        case .office: [Group(officeFields)]
        case .users: repeated(.user, userFields)
        case .documents: [Group(documentFields)]
        case .check: []
        }
    }

    var allFields: [FieldSpec] { steps.flatMap { groups($0) }.flatMap(\.fields) }

    func field(_ name: String) -> FieldSpec? { allFields.first { $0.name == name } }

    /// The step on which a field stands; remarks and problems lead there.
    func step(of name: String) -> FormStep? {
        steps.first { groups($0).contains { $0.fields.contains { $0.name == name } } }
    }

    /// Kinds of clients that this portal has.
    var clientKinds: [ClientKind] {
        ClientKind.allCases.filter { !portal.rules.identifiers[$0].isEmpty }
    }

    var clientKind: ClientKind {
        ClientKind(rawValue: answers["client.kind"]).flatMap { clientKinds.contains($0) ? $0 : nil }
            ?? clientKinds.first ?? .company
    }

    var checklist: [DocumentKind] { portal.rules.documents[kind] }

    private func repeated(_ part: RepeatedPart, _ fields: (Int) -> [FieldSpec]) -> [Group] {
        answers.items(part).map { Group(fields($0), part: part, item: $0) }
    }

    private var clientFields: [FieldSpec] {
        let country = portal.country
        let numbers = portal.rules.identifiers[clientKind].enumerated().map { index, number in
            FieldSpec(
                "client.number.\(number)",
                "onboarding.number.\(number)",
                required: index == 0,
                check: .identifier(kind: number, country: country)
            )
        }
        let head: [FieldSpec] = [
            .choice(
                "client.kind",
                "onboarding.field.client_kind",
                clientKinds.map(\.rawValue),
                words: { "onboarding.client_kind.\($0)" }
            ),
            FieldSpec("client.name", "onboarding.field.client_name"),
        ]
        let tail: [FieldSpec] = [
            FieldSpec("client.address", "onboarding.field.address", .area, check: .lines(max: 400)),
            .choice(
                "client.country",
                "onboarding.field.country",
                Self.countries,
                words: { "onboarding.country.\($0)" }
            ),
            language("client.language"),
            FieldSpec(
                "client.phone",
                "onboarding.field.client_phone",
                required: kind == .office,
                check: .identifier(kind: "phone", country: country)
            ),
            FieldSpec(
                "client.email",
                "onboarding.field.client_email",
                required: false,
                check: .identifier(kind: "email", country: country)
            ),
        ]
        return head + numbers + tail
    }

    /// Where clients of our portals are at home.
    static let countries = ["AT", "BY", "CZ", "DE", "EE", "HU", "KZ", "LT", "LV", "PL", "RO", "RU", "SK", "UA"]

    func language(_ name: String) -> FieldSpec {
        .choice(name, "onboarding.field.language", portal.languages, words: { "onboarding.language.\($0)" })
    }
}
