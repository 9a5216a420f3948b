#pragma once
#include <curl/curl.h>
#include <netinet/in.h>

// curl_easy_setopt and curl_easy_getinfo are variadic, which Swift cannot call: one inline
// function for each type of argument.

static inline CURLcode CCurl_set_long(CURL *handle, CURLoption option, long value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_set_large(CURL *handle, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_set_string(CURL *handle, CURLoption option, const char *value) {
    return curl_easy_setopt(handle, option, value);
}

static inline CURLcode CCurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(handle, option, value);
}

typedef size_t (*CCurl_data_callback)(char *bytes, size_t size, size_t count, void *context);
typedef int (*CCurl_seek_callback)(void *context, curl_off_t offset, int origin);
typedef curl_socket_t (*CCurl_socket_callback)(
    void *context, curlsocktype purpose, struct curl_sockaddr *address);

static inline CURLcode CCurl_set_body_callback(
    CURL *handle, CCurl_data_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callback);
    return code ? code : curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
}

static inline CURLcode CCurl_set_header_callback(
    CURL *handle, CCurl_data_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callback);
    return code ? code : curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
}

static inline CURLcode CCurl_set_upload_callbacks(
    CURL *handle, CCurl_data_callback read, CCurl_seek_callback seek, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_READFUNCTION, read);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_READDATA, context);
    if (!code) code = curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, seek);
    return code ? code : curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
}

static inline CURLcode CCurl_set_socket_callback(
    CURL *handle, CCurl_socket_callback callback, void *context) {
    CURLcode code = curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, callback);
    return code ? code : curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, context);
}

static inline long CCurl_status(CURL *handle) {
    long status = 0;
    return curl_easy_getinfo(handle, CURLINFO_RESPONSE_CODE, &status) ? 0 : status;
}

/// Bytes of the request's body that were handed to the network.
static inline curl_off_t CCurl_uploaded(CURL *handle) {
    curl_off_t count = 0;
    return curl_easy_getinfo(handle, CURLINFO_SIZE_UPLOAD_T, &count) ? 0 : count;
}

/// The handle of a transfer that has ended, with its result; null where none is left.
static inline CURL *CCurl_next_ended(CURLM *multi, CURLcode *result) {
    int left = 0;
    CURLMsg *message;
    while ((message = curl_multi_info_read(multi, &left))) {
        if (message->msg != CURLMSG_DONE) continue;
        *result = message->data.result;
        return message->easy_handle;
    }
    return 0;
}

static inline CURLMcode CCurl_set_connection_cache(CURLM *multi, long count) {
    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, count);
}

static inline CURLcode CCurl_global_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }
