/// A contact as pages show it: enough to recognise, not enough to use.
enum MaskedText {
    /// "m•••@example.pl".
    static func email(_ address: String) -> String {
        let halves = address.split(separator: "@", maxSplits: 1)
        guard halves.count == 2 else { return "•••" }
        return "\(halves[0].prefix(1))•••@\(halves[1])"
    }
}
