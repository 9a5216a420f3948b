import Model
import Mustache

/// The templates, parsed once.
///
/// Every template file of Templates has a line here.
enum Templates {
    private static let sources: [(name: String, text: [UInt8])] = [
        ("layout", PackageResources.layout_mustache),
        ("login", PackageResources.login_mustache),
        ("problem", PackageResources.problem_mustache),
        ("overview", PackageResources.overview_mustache),
        ("thumbnail", PackageResources.thumbnail_mustache),
        ("images", PackageResources.images_mustache),
        ("filename-dialog", PackageResources.filename_dialog_mustache),
        ("image", PackageResources.image_mustache),
        ("references", PackageResources.references_mustache),
        ("time", PackageResources.time_mustache),
        ("change-list", PackageResources.change_list_mustache),
        ("job-dialog", PackageResources.job_dialog_mustache),
        ("revert-dialog", PackageResources.revert_dialog_mustache),
    ]

    private static let parsed = Result<MustacheLibrary, any Error> {
        MustacheContentTypes.register(HTMLEscaping(), named: HTMLEscaping.name)
        var library = MustacheLibrary()
        for source in sources + work {
            // A partial begins with the library's own escaping again, so each of them says it.
            let text =
                "{{% CONTENT_TYPE:\(HTMLEscaping.name)}}"
                + String(decoding: source.text, as: UTF8.self)
            try library.register(text, named: source.name)
        }
        return library
    }

    static func library() throws(MonikerError) -> MustacheLibrary {
        do {
            return try parsed.get()
        } catch {
            throw MonikerError(
                .internalFailure, "a template of the dashboard cannot be read (\(error))",
                cause: error)
        }
    }
}
