import CCurl
import Glibc
import Model
import Synchronization

/// The thread that drives libcurl, and how others speak with it.
@safe final class TransferLoop: @unchecked Sendable {
    private struct Inbox {
        var added: [Transfer] = []
        var cancelled: [Ticket] = []
        var isClosed = false
    }

    /// A transfer that libcurl works on; owns the handle and the list of fields.
    @safe private struct Running {
        let transfer: Transfer
        let handle: UnsafeMutableRawPointer
        let fields: UnsafeMutablePointer<curl_slist>?
    }

    // SAFETY (of @unchecked Sendable): only the loop's thread uses the handle, but for
    // curl_multi_wakeup, which libcurl allows from any thread. It lives as long as this object,
    // which the thread and everybody who can wake it hold.
    private let multi: UnsafeMutableRawPointer
    private let inbox = Mutex(Inbox())
    private var running: [Running] = []

    // Once for the process; Swift makes it once, whoever comes first.
    private static let isLibraryReady = CCurl_global_start() == CURLE_OK

    init() throws(MonikerError) {
        guard Self.isLibraryReady, let multi = unsafe curl_multi_init() else {
            throw MonikerError(
                .networkFailed, "libcurl cannot be started; check memory and file descriptors")
        }
        unsafe self.multi = unsafe multi
        // Enough to keep a connection for each worker between its requests.
        unsafe CCurl_set_connection_cache(multi, 64)
    }

    deinit { unsafe curl_multi_cleanup(multi) }

    func start() throws(MonikerError) {
        // SAFETY: the thread takes over this reference and releases it at its end.
        let context = unsafe Unmanaged.passRetained(self).toOpaque()
        var thread = pthread_t()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard status == 0 else {
            unsafe Unmanaged<TransferLoop>.fromOpaque(context).release()
            throw MonikerError(.networkFailed, "no thread can be started; check the process limits")
        }
        pthread_detach(thread)
    }

    // MARK: From any thread

    func add(_ transfer: Transfer) {
        inbox.withLock { $0.added.append(transfer) }
        unsafe curl_multi_wakeup(multi)
    }

    func cancel(_ ticket: Ticket) {
        inbox.withLock { $0.cancelled.append(ticket) }
        unsafe curl_multi_wakeup(multi)
    }

    func close() {
        inbox.withLock { $0.isClosed = true }
        unsafe curl_multi_wakeup(multi)
    }

    // MARK: On the loop's thread

    private func run() {
        while true {
            let (added, cancelled, isClosed) = inbox.withLock { inbox in
                defer { (inbox.added, inbox.cancelled) = ([], []) }
                return (inbox.added, inbox.cancelled, inbox.isClosed)
            }
            for transfer in added { begin(transfer) }
            for ticket in cancelled { abandon { $0.ticket === ticket } }
            // `send` keeps the client alive, so nothing is running when it goes.
            if isClosed { return abandon { _ in true } }
            var count: Int32 = 0
            unsafe curl_multi_perform(multi, &count)
            finishEnded()
            unsafe curl_multi_poll(multi, nil, 0, 1000, nil)
        }
    }

    private func begin(_ transfer: Transfer) {
        if transfer.ticket.isCancelled.load(ordering: .acquiring) {
            return transfer.end(.failure(transfer.cancellation))
        }
        guard let handle = unsafe curl_easy_init() else {
            return transfer.end(.failure(transfer.failure(CURLE_OUT_OF_MEMORY)))
        }
        let fields = unsafe transfer.fieldList()
        let running = unsafe Running(transfer: transfer, handle: handle, fields: fields)
        var code = unsafe transfer.configure(handle, fields)
        if code == CURLE_OK, unsafe curl_multi_add_handle(multi, handle) != CURLM_OK {
            code = CURLE_FAILED_INIT
        }
        guard code == CURLE_OK else {
            transfer.end(.failure(transfer.failure(code)))
            return release(running)
        }
        self.running.append(running)
    }

    private func finishEnded() {
        var code = CURLE_OK
        while let handle = unsafe CCurl_next_ended(multi, &code) {
            guard let index = running.firstIndex(where: { unsafe $0.handle == handle }) else {
                continue
            }
            let ended = running.remove(at: index)
            if code == CURLE_OK {
                ended.transfer.end(status: unsafe CCurl_status(handle))
            } else {
                ended.transfer.end(.failure(ended.transfer.failure(code)))
            }
            release(ended)
        }
    }

    private func abandon(_ isMeant: (Transfer) -> Bool) {
        for ended in running.filter({ isMeant($0.transfer) }) {
            ended.transfer.end(.failure(ended.transfer.cancellation))
            release(ended)
        }
        running.removeAll { isMeant($0.transfer) }
    }

    private func release(_ ended: Running) {
        // SAFETY: the handle and the list were made in `begin` and are used nowhere after this;
        // a handle that was never added is refused by the first call without effect.
        unsafe curl_multi_remove_handle(multi, ended.handle)
        unsafe curl_easy_cleanup(ended.handle)
        unsafe curl_slist_free_all(ended.fields)
    }
}
