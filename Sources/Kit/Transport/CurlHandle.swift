import Ccurl

/// One easy handle; options are cleared between exchanges, its open connections stay.
final class CurlHandle {
    private let handle: UnsafeMutableRawPointer

    init?() {
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    func set(_ option: CURLoption, _ value: Int) { _ = portaldesk_curl_set_long(handle, option, value) }
    func set(_ option: CURLoption, _ value: String) { _ = portaldesk_curl_set_string(handle, option, value) }
    func set(_ option: CURLoption, size: Int) { _ = portaldesk_curl_set_size(handle, option, curl_off_t(size)) }

    /// What every exchange has in common: verified TLS 1.2 or newer, no redirect, no proxy of the environment, limits.
    func prepare(protocols: String, deadlines: SendDeadlines, authorities: String?) {
        curl_easy_reset(handle)
        set(CURLOPT_PROTOCOLS_STR, protocols)
        set(CURLOPT_REDIR_PROTOCOLS_STR, protocols)
        set(CURLOPT_FOLLOWLOCATION, 0)
        set(CURLOPT_PROXY, "")
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, deadlines.connect.milliseconds)
        set(CURLOPT_TIMEOUT_MS, deadlines.total.milliseconds)
        set(CURLOPT_MAXAGE_CONN, 30)
        set(CURLOPT_SSL_VERIFYPEER, 1)
        set(CURLOPT_SSL_VERIFYHOST, 2)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        if let authorities { set(CURLOPT_CAINFO, authorities) }
    }

    /// Runs the exchange to its end on the calling thread. `lists` are header lines or recipients by option.
    func perform(_ exchange: Exchange, lists: [(CURLoption, [String])]) -> CURLcode {
        let listening = Unmanaged.passUnretained(exchange).toOpaque()
        for option in [
            CURLOPT_READDATA, CURLOPT_WRITEDATA, CURLOPT_DEBUGDATA, CURLOPT_XFERINFODATA, CURLOPT_PREREQDATA,
        ] { _ = portaldesk_curl_set_pointer(handle, option, listening) }
        _ = portaldesk_curl_on_read(handle, onRead)
        _ = portaldesk_curl_on_write(handle, onWrite)
        _ = portaldesk_curl_on_debug(handle, onDebug)
        _ = portaldesk_curl_on_progress(handle, onProgress)
        _ = portaldesk_curl_on_request(handle, onRequest)
        set(CURLOPT_VERBOSE, 1)
        set(CURLOPT_NOPROGRESS, 0)
        let built = lists.map { option, lines in
            let list = lines.reduce(nil as UnsafeMutablePointer<curl_slist>?) { curl_slist_append($0, $1) }
            _ = portaldesk_curl_set_list(handle, option, list)
            return list
        }
        let status = withExtendedLifetime(exchange) { curl_easy_perform(handle) }
        // The handle must not remember what is about to be freed; its connections stay.
        curl_easy_reset(handle)
        for list in built { curl_slist_free_all(list) }
        return status
    }
}

private func exchange(_ pointer: UnsafeMutableRawPointer?) -> Exchange? {
    pointer.map { Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
}

private func onRead(
    buffer: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    pointer: UnsafeMutableRawPointer?
) -> Int {
    exchange(pointer)?.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

private func onWrite(
    buffer: UnsafeMutablePointer<CChar>?,
    size: Int,
    count: Int,
    pointer: UnsafeMutableRawPointer?
) -> Int {
    exchange(pointer)?.received(UnsafeRawBufferPointer(start: buffer, count: size * count)) ?? 0
}

private func onDebug(
    handle: UnsafeMutableRawPointer?,
    kind: curl_infotype,
    buffer: UnsafeMutablePointer<CChar>?,
    count: Int,
    pointer: UnsafeMutableRawPointer?
) -> Int32 {
    let bytes = UnsafeRawBufferPointer(start: buffer, count: count)
    if kind == CURLINFO_HEADER_OUT { exchange(pointer)?.commandSent(bytes) }
    if kind == CURLINFO_HEADER_IN { exchange(pointer)?.lineReceived(bytes) }
    return 0
}

private func onProgress(
    pointer: UnsafeMutableRawPointer?,
    total: curl_off_t,
    now: curl_off_t,
    uploadTotal: curl_off_t,
    uploadNow: curl_off_t
) -> Int32 {
    exchange(pointer)?.isCancelled == true ? 1 : 0
}

private func onRequest(
    pointer: UnsafeMutableRawPointer?,
    peer: UnsafeMutablePointer<CChar>?,
    local: UnsafeMutablePointer<CChar>?,
    peerPort: Int32,
    localPort: Int32
) -> Int32 {
    exchange(pointer)?.mayRequest() == true ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT
}
