/// The description of the API at `/openapi.json`, as it stands in openapi.json.
enum OpenAPIDocument {
    /// The document.
    static let bytes = PackageResources.openapi_json
}
