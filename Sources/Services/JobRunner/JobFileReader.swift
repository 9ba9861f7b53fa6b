import Yams

/// Reads the keys of one file and notes what is wrong with each.
struct JobFileReader {
    let file: String
    private(set) var faults: [JobFileFault] = []
    private var nodes: [String: Node] = [:]

    init(file: String, text: String) throws(JobFileFaults) {
        self.file = file
        let parts = file.split(separator: ".")
        let words = Set("abcdefghijklmnopqrstuvwxyz_")
        if parts.count != 3 || !parts.dropLast().allSatisfy({ words.isSuperset(of: $0) }) {
            note(nil, "the name must have the form module.job.yml")
        }
        do {
            guard let mapping = try Yams.compose(yaml: text)?.mapping else {
                throw JobFileFaults([JobFileFault(file: file, key: nil, reason: "must be keys and values")])
            }
            for (key, value) in mapping {
                guard let name = key.string, nodes.updateValue(value, forKey: name) == nil else {
                    note(key.string, "stands twice")
                    continue
                }
            }
        } catch let error as JobFileFaults {
            throw error
        } catch let error as YamlError {
            throw JobFileFaults([JobFileFault(file: file, key: nil, reason: Self.words(error))])
        } catch {
            throw JobFileFaults([JobFileFault(file: file, key: nil, reason: "is not YAML")])
        }
    }

    mutating func note(_ key: String?, _ reason: String) {
        faults.append(JobFileFault(file: file, key: key, reason: reason))
    }

    mutating func refuseUnknown(_ known: Set<String>) {
        for key in nodes.keys.filter({ !known.contains($0) }).sorted() { note(key, "is no key of a job file") }
    }

    /// Text; required unless there is a default.
    mutating func text(
        _ key: String,
        default fallback: String? = nil,
        check: (String) -> String? = { _ in nil }
    ) -> String? {
        guard let node = nodes[key] else {
            if fallback == nil { note(key, "is missing") }
            return fallback
        }
        guard let value = node.scalar?.string, !value.isEmpty, value.utf8.count <= 500 else {
            note(key, "must be text")
            return nil
        }
        if let fault = check(value) {
            note(key, "\(value): \(fault)")
            return nil
        }
        return value
    }

    mutating func number(_ key: String, _ range: ClosedRange<Int>, default fallback: Int? = nil) -> Int? {
        guard let node = nodes[key] else {
            if fallback == nil { note(key, "is missing") }
            return fallback
        }
        guard let value = node.int, range.contains(value) else {
            note(key, "must be a whole number from \(range.lowerBound) to \(range.upperBound)")
            return nil
        }
        return value
    }

    mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String,
        _ type: Choice.Type,
        default fallback: Choice? = nil
    ) -> Choice? {
        if let fallback, nodes[key] == nil { return fallback }
        guard let value = text(key) else { return nil }
        if let choice = Choice(rawValue: value) { return choice }
        note(key, "must be one of " + Choice.allCases.map(\.rawValue).joined(separator: ", "))
        return nil
    }

    /// Either `cron` or `every`.
    mutating func timetable() -> CronExpression? {
        guard nodes["every"] != nil else { return cron("cron") }
        if nodes["cron"] != nil { note("every", "stands beside cron") }
        return cron("every", prefix: CronExpression.everyPrefix)
    }

    private mutating func cron(_ key: String, prefix: String = "") -> CronExpression? {
        guard let value = text(key).map({ prefix + $0 }) else { return nil }
        do throws(CronFault) {
            return try CronExpression(value)
        } catch {
            note(key, "\(value): \(error)")
            return nil
        }
    }

    mutating func portals(_ key: String) -> [String]? {
        guard let node = nodes[key], node.string != "all" else { return nil }
        let names = node.sequence?.compactMap { $0.string } ?? []
        guard !names.isEmpty, names.count == node.sequence?.count, Set(names).count == names.count else {
            note(key, "must be all or a list of portals")
            return nil
        }
        return names
    }

    private static func words(_ error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            "line \(mark.line): \(problem)"
        case .duplicatedKeysInMapping: "a key stands twice"
        default: "is not YAML"
        }
    }

    /// FNV-1a, 64 bits: tells whether a file changed, and nothing more.
    static func digest(_ text: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return String(hash, radix: 16)
    }
}
