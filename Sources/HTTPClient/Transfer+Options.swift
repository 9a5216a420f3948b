import CCurl
import Glibc
import Model

extension Transfer {
    /// The request's fields as libcurl wants them; the caller frees the list.
    func fieldList() -> UnsafeMutablePointer<curl_slist>? {
        // Without the second, libcurl waits up to a second before it sends a large body.
        var list = unsafe curl_slist_append(nil, "Expect:")
        for field in request.fields {
            unsafe list = unsafe curl_slist_append(list, "\(field.name): \(field.value)") ?? list
        }
        return unsafe list
    }

    /// Sets every option of a new handle.
    func configure(
        _ handle: UnsafeMutableRawPointer, _ fields: UnsafeMutablePointer<curl_slist>?
    ) -> CURLcode {
        // SAFETY: the loop holds the transfer for as long as the handle exists, and libcurl calls
        // back only within calls of the loop's thread.
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let hasBody = request.body != nil
        var steps: [() -> CURLcode] = [
            { unsafe CCurl_set_string(handle, CURLOPT_URL, self.request.url) },
            { unsafe CCurl_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https") },
            { unsafe CCurl_set_long(handle, CURLOPT_NOSIGNAL, 1) },
            { unsafe CCurl_set_long(handle, CURLOPT_FOLLOWLOCATION, 0) },
            { unsafe CCurl_set_long(handle, CURLOPT_PIPEWAIT, 1) },
            {
                unsafe CCurl_set_long(
                    handle, CURLOPT_CONNECTTIMEOUT_MS, self.request.connectTimeout.milliseconds)
            },
            {
                unsafe CCurl_set_long(
                    handle, CURLOPT_TIMEOUT_MS, self.request.timeout.milliseconds)
            },
            // Every encoding that libcurl knows; the limit counts decompressed bytes.
            { unsafe CCurl_set_string(handle, CURLOPT_ACCEPT_ENCODING, "") },
            { unsafe CCurl_set_list(handle, CURLOPT_HTTPHEADER, fields) },
            { unsafe CCurl_set_body_callback(handle, receiveBody, context) },
            { unsafe CCurl_set_header_callback(handle, receiveLine, context) },
            { unsafe CCurl_set_socket_callback(handle, openSocket, context) },
        ]
        if request.usesNewConnection {
            steps.append { unsafe CCurl_set_long(handle, CURLOPT_FRESH_CONNECT, 1) }
        }
        if request.isLocal || request.addresses == .publicOnly {
            // A proxy would hide which address is connected to.
            steps.append { unsafe CCurl_set_string(handle, CURLOPT_PROXY, "") }
        }
        if hasBody {
            steps += [
                { unsafe CCurl_set_long(handle, CURLOPT_POST, 1) },
                { unsafe CCurl_set_upload_callbacks(handle, readBody, seekBody, context) },
                {
                    unsafe CCurl_set_large(
                        handle, CURLOPT_POSTFIELDSIZE_LARGE, Int(self.request.body?.count ?? 0))
                },
            ]
        }
        if request.method != (hasBody ? "POST" : "GET") {
            steps.append {
                unsafe CCurl_set_string(handle, CURLOPT_CUSTOMREQUEST, self.request.method)
            }
        }
        for step in steps {
            let code = step()
            guard code == CURLE_OK else { return code }
        }
        return CURLE_OK
    }
}

extension Duration {
    /// Whole milliseconds, at least one, because libcurl reads 0 as "without end".
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}

// MARK: - Callbacks
// SAFETY (of all): the context is the transfer whose handle libcurl works on, which the loop holds;
// pointers and counts are those of libcurl's own buffers, valid during the call.

private func transfer(_ context: UnsafeMutableRawPointer) -> Transfer {
    unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
}

private let receiveBody: CCurl_data_callback = { bytes, size, count, context in
    guard let context = unsafe context else { return 0 }
    let received = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context).receive(received) ? size * count : 0
}

private let receiveLine: CCurl_data_callback = { bytes, size, count, context in
    guard let context = unsafe context else { return 0 }
    let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
    unsafe transfer(context).receive(line: String(decoding: line, as: UTF8.self))
    return size * count
}

private let readBody: CCurl_data_callback = { bytes, size, count, context in
    guard let context = unsafe context else { return 0 }
    let buffer = unsafe UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
    return unsafe transfer(context).read(into: buffer)
}

private let seekBody: CCurl_seek_callback = { context, offset, origin in
    guard let context = unsafe context, origin == SEEK_SET else { return CURL_SEEKFUNC_CANTSEEK }
    return unsafe transfer(context).seek(to: Int(offset))
        ? CURL_SEEKFUNC_OK : CURL_SEEKFUNC_CANTSEEK
}

private let openSocket: CCurl_socket_callback = { context, _, address in
    guard let context = unsafe context, let address = unsafe address else { return -1 }
    let transfer = unsafe transfer(context)
    let family = unsafe address.pointee.family
    let bytes = unsafe addressBytes(address)
    guard let numeric = NumericAddress(bytes), transfer.request.addresses.allows(numeric) else {
        transfer.refusedAddress = NumericAddress(bytes)?.description ?? "family \(family)"
        return -1
    }
    return unsafe socket(
        family, address.pointee.socktype | Int32(SOCK_CLOEXEC.rawValue), address.pointee.`protocol`)
}

/// The bytes of an IPv4 or IPv6 address; empty for another family.
private func addressBytes(_ address: UnsafeMutablePointer<curl_sockaddr>) -> [UInt8] {
    let family = unsafe address.pointee.family
    // SAFETY: `addr` begins a sockaddr of `addrlen` bytes, which for these families is a
    // sockaddr_in or sockaddr_in6.
    return unsafe withUnsafeMutablePointer(to: &address.pointee.addr) { start in
        switch family {
        case AF_INET:
            return unsafe start.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                unsafe withUnsafeBytes(of: $0.pointee.sin_addr) { unsafe Array($0) }
            }
        case AF_INET6:
            return unsafe start.withMemoryRebound(to: sockaddr_in6.self, capacity: 1) {
                unsafe withUnsafeBytes(of: $0.pointee.sin6_addr) { unsafe Array($0) }
            }
        default: return []
        }
    }
}
