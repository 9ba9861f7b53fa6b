/// The handlers a process knows, and how patient it is with each kind: the handler's own words, where a job file does
/// not say otherwise.
package struct JobRegistry: Sendable {
    private var handlers: [String: any JobHandler] = [:]
    private var policies: [String: JobPolicy] = [:]

    /// Throws `JobFileFaults` when two handlers share a kind.
    package init(_ handlers: [any JobHandler]) throws(JobFileFaults) {
        for handler in handlers {
            let kind = type(of: handler).kind
            guard self.handlers.updateValue(handler, forKey: kind) == nil else {
                throw JobFileFaults([JobFileFault(file: kind + ".yml", key: "handler", reason: "two handlers have it")])
            }
            policies[kind] = JobPolicy(type(of: handler))
        }
    }

    /// The same with what the job files say.
    package func with(_ files: [JobFile]) -> JobRegistry {
        var copy = self
        for file in files {
            copy.policies[file.handler] = JobPolicy(
                queue: file.queue,
                maxAttempts: file.attempts,
                timeout: file.timeout,
                backoff: file.backoff
            )
        }
        return copy
    }

    package var kinds: [String] { handlers.keys.sorted() }

    /// Every queue that work of these kinds may stand in.
    package var queues: [String] {
        let own = handlers.values.map { type(of: $0).queue }
        return Set(own + policies.values.map(\.queue)).sorted()
    }

    func handler(_ kind: String) -> (any JobHandler)? { handlers[kind] }
    func policy(_ kind: String) -> JobPolicy? { policies[kind] }
}

struct JobPolicy: Sendable, Hashable {
    var queue = "default"
    var maxAttempts = 3
    var timeout: Duration = .seconds(60)
    var backoff = Backoff()
}

extension JobPolicy {
    init(_ handler: any JobHandler.Type) {
        self.init(
            queue: handler.queue,
            maxAttempts: handler.maxAttempts,
            timeout: handler.timeout,
            backoff: handler.backoff
        )
    }
}
