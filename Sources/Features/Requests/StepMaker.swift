import Access
import DeskKit
import DeskWeb

/// The steps that this reader may take with a request now, the likeliest first.
struct StepMaker {
    let maker: DetailMaker

    private var request: ClientRequest { maker.request }
    private var words: Words { maker.words }
    private var isMine: Bool { request.heldBy == maker.office.staff.id }
    private var needsDecision: Bool { maker.seen.rules.needsDecision }

    /// Erasure is planned and carried out on a page of its own, which ends the request.
    private var hasOwnPages: Bool { request.kind == .erasure }

    var steps: [RequestStep] {
        guard !request.state.isOver else { return [] }
        return holding + handling + deciding + executing + snoozing + leaving
    }

    private var holding: [RequestStep] {
        guard maker.office.mayWork else { return [] }
        if isMine { return [button("release")] }
        return request.heldBy == nil ? [button("take", isFirst: true)] : [button("release")]
    }

    private var handling: [RequestStep] {
        guard maker.may(.requestsHandle) else { return [] }
        switch request.state {
        case .received, .identity:
            return [
                form(
                    "identity",
                    isFirst: true,
                    selects: [select("method", of: "identity", methods) { words("requests.method.\($0)") }]
                ), pause,
            ] + unproven
        case .waitingClient: return [button("resume", isFirst: true)]
        case .assessment where needsDecision: return [propose, pause] + blocking
        case .assessment: return [answer, pause]
        case .blocked: return [button("look", isFirst: true)]
        default: return []
        }
    }

    /// Somebody who does not prove to be the client is refused for that.
    private var unproven: [RequestStep] {
        guard request.state == .identity, needsDecision else { return [] }
        return [
            form(
                "propose",
                selects: [
                    select("outcome", of: "propose", [RequestOutcome.refused.rawValue]) {
                        words("requests.outcome.\($0)")
                    },
                    select("reason", of: "propose", [DecisionReason.identityUnproven.rawValue]) {
                        words("requests.reason.\($0)")
                    },
                ],
                areas: [area("text", of: "propose", "proposal_note", nil, isRequired: false)]
            )
        ]
    }

    private var methods: [String] {
        IdentityMethod.allCases.filter { $0 != .portalSession }.map(\.rawValue)
    }

    private var blocking: [RequestStep] {
        guard request.kind == .accountDeletion, !maker.seen.obstacles.isEmpty else { return [] }
        return [button("block", preview: .letter(.blocked))]
    }

    private var pause: RequestStep {
        form(
            "pause",
            selects: [
                select("reason", of: "pause", PauseReason.allCases.map(\.rawValue)) { words("requests.pause.\($0)") }
            ],
            inputs: [
                fields("pause").date(
                    "posted_on",
                    "requests.form.posted_on",
                    hint: "requests.hint.posted_on",
                    isRequired: false
                )
            ],
            areas: [area("text", of: "pause", "question", "requests.hint.their_language")],
            preview: .letter(.question)
        )
    }

    private var propose: RequestStep {
        form(
            "propose",
            isFirst: true,
            selects: [outcomes, reasons],
            areas: [area("text", of: "propose", "proposal_note", nil, isRequired: false)]
        )
    }

    private var answer: RequestStep {
        form(
            "answer",
            isFirst: true,
            areas: [area("text", of: "answer", "answer", "requests.hint.their_language")],
            preview: .letter(.answer)
        )
    }

    private var deciding: [RequestStep] {
        guard request.state == .decision, maker.may(.requestsDecide) else { return [] }
        guard request.proposedBy != maker.office.staff.id else { return [] }
        return [
            form(
                "decide",
                isFirst: true,
                selects: [outcomes, reasons],
                areas: [area("text", of: "decide", "decision_text", "requests.hint.their_language", isRequired: false)],
                preview: .decision
            ),
            form("return", areas: [area("text", of: "return", "return_note", nil)]),
        ]
    }

    private var executing: [RequestStep] {
        guard maker.may(.requestsExecute) else { return [] }
        if request.state == .verifying, request.kind == .dataChange { return [button("confirm", isFirst: true)] }
        guard request.state == .executing else { return [] }
        let reopen = form("reopen", areas: [area("text", of: "reopen", "return_note", nil)])
        guard request.decidedBy != maker.office.staff.id, !hasOwnPages else { return [reopen] }
        return [button("execute", isFirst: true, preview: .execution), reopen]
    }

    private var snoozing: [RequestStep] {
        guard maker.office.mayWork else { return [] }
        if request.isSnoozed { return [button("wake", isFirst: true)] }
        guard isMine || request.heldBy == nil, request.effectiveDue > request.today else { return [] }
        return [
            form(
                "snooze",
                inputs: [
                    fields("snooze").date(
                        "until",
                        "requests.form.until",
                        request.today.adding(days: 1),
                        hint: "requests.hint.until"
                    )
                ],
                areas: [area("text", of: "snooze", "snooze_reason", nil)]
            )
        ]
    }

    private var leaving: [RequestStep] {
        guard maker.may(.requestsHandle) else { return [] }
        var steps: [RequestStep] = []
        if request.state.isBeforeDecision, request.state != .waitingClient, request.extensionNumber != nil,
            !request.isExtended, request.today <= request.statutoryDue
        {
            steps.append(
                form(
                    "extend",
                    selects: [
                        select("reason", of: "extend", ExtensionReason.allCases.map(\.rawValue)) {
                            words("requests.extension.\($0)")
                        }
                    ],
                    areas: [
                        area("text", of: "extend", "extension_text", "requests.hint.their_language", isRequired: false)
                    ],
                    preview: .letter(.extended)
                )
            )
        }
        if request.state.isBeforeDecision || request.state == .coolingOff {
            steps.append(button("withdraw", isDangerous: true, preview: .letter(.withdrawn)))
        }
        if request.state.isBeforeDecision, request.state != .decision {
            steps.append(form("duplicate", inputs: [fields("duplicate").text("original", "requests.form.original")]))
        }
        return steps
    }

    private var outcomes: FieldView {
        let all: [RequestOutcome] = [.granted, .partial, .refused]
        let proposed = (request.state == .decision ? request.proposal : nil).map { Set([$0.rawValue]) } ?? []
        return select("outcome", of: current, all.map(\.rawValue), chosen: proposed) { words("requests.outcome.\($0)") }
    }

    private var reasons: FieldView {
        let all = DecisionReason.allCases.filter { $0.applies(to: request.kind, request.lane) }
        let proposed = (request.state == .decision ? request.proposalReason : nil).map { Set([$0.rawValue]) } ?? []
        return select("reason", of: current, all.map(\.rawValue), chosen: proposed) { words("requests.reason.\($0)") }
    }

    // What steps are made of

    private var current: String { request.state == .decision ? "decide" : "propose" }

    /// Typed values stay in the form that was posted; the others begin anew.
    private func fields(_ step: String) -> Fields {
        Fields(words, form: maker.posted == step ? maker.form : nil, prefix: step)
    }

    private func select(
        _ name: String,
        of step: String,
        _ codes: [String],
        chosen: Set<String> = [],
        _ text: (String) -> String
    ) -> FieldView {
        fields(step).options(
            name,
            "requests.form.\(name)",
            codes.map { ($0, text($0)) },
            chosen: chosen
        )
    }

    private func area(
        _ name: String,
        of step: String,
        _ label: String,
        _ hint: String?,
        isRequired: Bool = true
    ) -> FieldView {
        fields(step).text(
            name,
            "requests.form.\(label)",
            hint: hint,
            isRequired: isRequired,
            max: 4000
        )
    }

    private func button(
        _ name: String,
        isFirst: Bool = false,
        isDangerous: Bool = false,
        preview: PreviewKind? = nil
    ) -> RequestStep {
        step(name, isFirst: isFirst, isDangerous: isDangerous, hasForm: isDangerous, preview: preview)
    }

    private func form(
        _ name: String,
        isFirst: Bool = false,
        selects: [FieldView] = [],
        inputs: [FieldView] = [],
        areas: [FieldView] = [],
        preview: PreviewKind? = nil
    ) -> RequestStep {
        step(
            name,
            isFirst: isFirst,
            hasForm: true,
            selects: selects,
            inputs: inputs,
            areas: areas,
            preview: preview
        )
    }

    private func step(
        _ name: String,
        isFirst: Bool,
        isDangerous: Bool = false,
        hasForm: Bool,
        selects: [FieldView] = [],
        inputs: [FieldView] = [],
        areas: [FieldView] = [],
        preview: PreviewKind? = nil
    ) -> RequestStep {
        RequestStep(
            id: "step-\(name)",
            action: "\(maker.base)/\(name)",
            title: words("requests.step.\(name)"),
            text: words.has("requests.step_text.\(name)") ? words("requests.step_text.\(name)") : nil,
            button: words("requests.button.\(name)"),
            isFirst: isFirst && !isDangerous,
            isDangerous: isDangerous,
            isOpen: maker.posted == name || (isFirst && hasForm),
            hasForm: hasForm,
            selects: selects,
            inputs: inputs,
            areas: areas,
            preview: preview.map { "\(maker.base)/preview/\($0.word)" }
        )
    }
}
