import HTTPTypes
import Hummingbird

/// A browser and its system in a word each, as its owner would call them: nothing that tells two people apart.
struct BrowserName: Sendable {
    let text: String

    init(_ request: Request) {
        self.init(request.headers[.userAgent] ?? "")
    }

    init(_ agent: String) {
        let browsers = [
            ("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
        ]
        let systems = [
            ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iOS"), ("iPad", "iOS"),
            ("Mac OS X", "macOS"), ("Linux", "Linux"),
        ]
        text = [browsers, systems].compactMap { known in known.first { agent.contains($0.0) }?.1 }
            .joined(separator: " · ")
    }
}
