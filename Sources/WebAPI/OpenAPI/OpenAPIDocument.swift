/// The description of the API at `/openapi.json`.
enum OpenAPIDocument {
    /// The document.
    static let text = "{}"
}
