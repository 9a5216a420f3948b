import HTTPClient
public import Model

extension RemoteSite {
    /// The bytes of an image's file, as it was uploaded.
    ///
    /// The password is not sent; redirects are not followed.
    ///
    /// - Throws: `external-file` where the file is on another server, as with a CDN or a bucket;
    ///   `file-missing` where there is none; `image-too-large` beyond the limit of the settings;
    ///   `rest-blocked` where a page came instead; `rest-redirected`; `address-refused`; what the
    ///   network throws.
    public func picture(of image: RemoteImage) async throws(MonikerError) -> [UInt8] {
        let site = connection.site
        guard let source = SiteAddress(image.sourceURL) else {
            throw MonikerError(
                .fileMissing, "attachment \(image.id) has no file that \(site.url) can name")
        }
        guard source.isSameServer(as: site) else {
            throw MonikerError(
                .externalFile,
                "the file of attachment \(image.id) is at \(source.origin), and files are only "
                    + "fetched from \(site.origin)")
        }
        // Old posts name http although the site is https: the site's own scheme is used.
        let url = site.origin + source.path
        var request = connection.request("GET", url, isAuthenticated: false)
        request.fields.append(HTTPRequest.Field("Accept", "image/*,*/*;q=0.5"))
        request.responseLimit = connection.settings.pictureLimit
        let response: HTTPResponse
        do throws(MonikerError) {
            response = try await connection.send(request)
        } catch {
            throw Self.pictureFailure(error, image, url)
        }
        if let type = response["content-type"], type.lowercased().hasPrefix("text/html") {
            throw RemoteFailure.notJSON(response, url: url, connection: connection)
        }
        return response.body
    }

    private static func pictureFailure(
        _ error: MonikerError, _ image: RemoteImage, _ url: String
    ) -> MonikerError {
        switch error.code {
        case .responseTooLarge:
            MonikerError(
                .imageTooLarge,
                "the file of attachment \(image.id) has more bytes than are allowed; raise the limit "
                    + "or leave it out", cause: error)
        case .restMissing:
            MonikerError(
                .fileMissing,
                "the file of attachment \(image.id) is not at \(RemoteFailure.place(url)); "
                    + "upload it again or delete the attachment", cause: error)
        default: error
        }
    }
}
