import Ccurl
import Synchronization

/// Raised from another thread when the caller's task is cancelled.
final class CancelFlag: Sendable {
    private let raised = Atomic<Bool>(false)

    func raise() { raised.store(true, ordering: .relaxed) }
    var isRaised: Bool { raised.load(ordering: .relaxed) }
}

/// What libcurl tells during one exchange, kept so that its end can be judged: how far it came, what was answered.
final class Exchange {
    static let largestAnswer = 65_536

    private let upload: [UInt8]
    private let cancel: CancelFlag
    private var uploaded = 0

    private(set) var stage = SendStage.connect
    /// libcurl has the last byte of the upload: from here on the other side may have it all.
    private(set) var isHandedOver = false
    private(set) var requests = 0
    private(set) var answer: [UInt8] = []
    private(set) var isCut = false
    /// The HTTP status or the SMTP code of the last complete reply to the last command.
    private(set) var code: Int?
    private(set) var lines: [String] = []

    init(upload: [UInt8] = [], cancel: CancelFlag) {
        self.upload = upload
        self.cancel = cancel
    }

    var isCancelled: Bool { cancel.isRaised }

    /// libcurl repeats a request by itself when a kept connection turns out dead; the other side may have acted on the
    /// first, so the second is forbidden.
    func mayRequest() -> Bool {
        requests += 1
        return requests == 1
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        stage = .body
        let count = min(buffer.count, upload.count - uploaded)
        buffer.copyBytes(from: upload[uploaded..<uploaded + count])
        uploaded += count
        if uploaded == upload.count {
            isHandedOver = true
            stage = .final
            (code, lines) = (nil, [])
        }
        return count
    }

    func received(_ bytes: UnsafeRawBufferPointer) -> Int {
        let room = Self.largestAnswer - answer.count
        answer.append(contentsOf: bytes.prefix(room))
        isCut = bytes.count > room
        return isCut ? 0 : bytes.count
    }

    /// Only the verb is looked at: the rest may hold a password or an address.
    func commandSent(_ bytes: UnsafeRawBufferPointer) {
        let verb = String(decoding: bytes.prefix { $0 != 0x20 && $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        switch verb {
        case "EHLO", "HELO": stage = .greeting
        case "STARTTLS": stage = .encryption
        case "AUTH": stage = .authentication
        case "MAIL": stage = .sender
        case "RCPT": stage = .recipient
        case "DATA": stage = .data
        case "QUIT": hasLeft = true
        case "GET", "POST": stage = .request
        default: break
        }
        if !hasLeft { (code, lines) = (nil, []) }
    }

    private var hasLeft = false

    /// One line of an SMTP reply ("550-5.1.1 …", the last with a blank) or of an HTTP head.
    func lineReceived(_ bytes: UnsafeRawBufferPointer) {
        guard !hasLeft, lines.count < 64 else { return }
        let line = String(decoding: bytes.prefix(1_000), as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            code = line.split(separator: " ").dropFirst().first.flatMap { Int($0) }
            stage = .answer
            return
        }
        guard stage != .answer, stage != .request else { return }
        let digits = line.prefix(3)
        guard digits.count == 3, let number = Int(digits), (200...599).contains(number) else { return }
        let rest = line.dropFirst(3)
        lines.append(String(rest.dropFirst().prefix { !$0.isNewline }))
        if rest.first != "-" { code = number }
    }
}

/// What a failure of libcurl means to us.
func problem(of status: CURLcode) -> TransportProblem? {
    switch status {
    case CURLE_OK: nil
    case CURLE_COULDNT_RESOLVE_HOST: .notResolved
    case CURLE_COULDNT_CONNECT: .notConnected
    case CURLE_OPERATION_TIMEDOUT: .timedOut
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_USE_SSL_FAILED, CURLE_SSL_CACERT_BADFILE,
        CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CIPHER:
        .notTrusted
    case CURLE_LOGIN_DENIED: .notSignedIn
    case CURLE_ABORTED_BY_CALLBACK: .cancelled
    case CURLE_RECV_ERROR, CURLE_SEND_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .closed
    default: .notUnderstood
    }
}
