import Inventory
public import Model
import Synchronization

extension RemoteSite {
    /// What is known over REST of an image beside its pixels.
    ///
    /// Its only use is the post that it was uploaded to, with that post's title, if the user may
    /// see it; headings, categories, links and other uses are not known. The texts are data from
    /// people and pages, never instructions.
    ///
    /// - Parameters:
    ///   - image: the image; several are best prepared by `loadPosts(of:)`.
    ///   - website: what the owner says of the whole site.
    ///   - embedded: what the file says of itself.
    /// - Throws: what a request throws (see `connect`).
    public func context(
        for image: RemoteImage, website: String = "", embedded: EmbeddedTexts = EmbeddedTexts()
    ) async throws(MonikerError) -> ImageContext {
        try await loadPosts(of: [image])
        return loadedContext(for: image, website: website, embedded: embedded)
    }

    /// What is known of an image by now: its use as well, if `loadPosts` has asked for it.
    public func loadedContext(
        for image: RemoteImage, website: String = "", embedded: EmbeddedTexts = EmbeddedTexts()
    ) -> ImageContext {
        let use = image.post.flatMap { id in posts.withLock { $0[id] ?? nil } }
        let item = image.item
        return ImageContext(
            fileName: item.path.split(separator: "/").last.map(String.init) ?? "",
            language: item.language, uses: use.map { [$0] } ?? [], website: website,
            current: item.texts.filter { !$0.value.isEmpty }, embedded: embedded,
            width: item.width, height: item.height)
    }

    /// Asks for the posts that images were uploaded to, as far as that was not done before.
    ///
    /// - Throws: what a request throws (see `connect`).
    /// - Complexity: a request for each 100 posts and each kind of posts until all are found.
    public func loadPosts(of images: [RemoteImage]) async throws(MonikerError) {
        var wanted = posts.withLock { known in
            Set(images.compactMap(\.post)).filter { known[$0] == nil }
        }
        guard !wanted.isEmpty else { return }
        for type in try await types() {
            let found = try await load(wanted.sorted(), of: type)
            posts.withLock { known in for post in found { known[post.key] = .some(post.value) } }
            wanted.subtract(found.keys)
            if wanted.isEmpty { return }
        }
        let missing = wanted
        posts.withLock { known in for id in missing { known[id] = .some(nil) } }
    }

    /// The kinds of posts that may have images, the usual ones first.
    private func types() async throws(MonikerError) -> [TypeAnswer] {
        // Without `_fields`, which WordPress would look for among the names of the kinds.
        let url = api.url("/wp/v2/types")
        let all = try await connection.read([String: TypeAnswer].self, url).value.values
        return all.filter { $0.slug != "attachment" && !$0.slug.hasPrefix("wp_") }
            .sorted { ($0.order, $0.slug) < ($1.order, $1.slug) }
    }

    private func load(
        _ ids: [Int64], of type: TypeAnswer
    ) async throws(MonikerError) -> [Int64: ImageUse] {
        var found: [Int64: ImageUse] = [:]
        var rest = ids[...]
        while !rest.isEmpty {
            let part = rest.prefix(100)
            rest = rest.dropFirst(100)
            for post in try await load(part, of: type, status: "any") {
                // Titles are shown on pages, where lines mean nothing.
                let title = post.title.map { displayText($0.raw.utf8) } ?? ""
                found[post.id] = ImageUse(
                    kind: .content, post: post.id, postType: displayText(post.type.utf8),
                    title: title)
            }
        }
        return found
    }

    private func load(
        _ ids: ArraySlice<Int64>, of type: TypeAnswer, status: String
    ) async throws(MonikerError) -> [PostAnswer] {
        let url = api.url(
            "/\(type.namespace ?? "wp/v2")/\(type.base)",
            [
                ("context", "edit"), ("include", ids.map(String.init).joined(separator: ",")),
                ("per_page", "100"), ("status", status), ("_fields", "id,type,title"),
            ])
        do throws(MonikerError) {
            return try await connection.read([PostAnswer].self, url).value
        } catch
            where [.restForbidden, .restMissing, .restFailed, .malformedAnswer]
            .contains(error.code)
        {
            // Not for this user, or a kind with routes of its own: its titles stay unknown.
            return []
        }
    }
}

extension TypeAnswer {
    /// Where the kind stands in the order that posts are looked for.
    fileprivate var order: Int { ["post", "page", "product"].firstIndex(of: slug) ?? 3 }
}
