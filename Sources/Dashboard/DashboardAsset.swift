import Hashing
import Model

/// A file of the dashboard that browsers may keep for ever: its address changes with its content.
public struct DashboardAsset: Sendable {
    /// The MIME type.
    public let contentType: String
    /// The bytes.
    public let bytes: [UInt8]

    private init(_ contentType: String, _ bytes: [UInt8]) {
        self.contentType = contentType
        self.bytes = bytes
    }

    /// Every file of Assets has a line here.
    private static let all: [String: DashboardAsset] = [
        "style.css": .style(PackageResources.style_css + PackageResources.work_css),
        "icon.svg": DashboardAsset("image/svg+xml", PackageResources.icon_svg),
        "frame.js": .script(PackageResources.frame_js),
        "api.js": .script(PackageResources.api_js),
        "overview.js": .script(PackageResources.overview_js),
        "images.js": .script(PackageResources.images_js),
        "image.js": .script(PackageResources.image_js),
        "generate.js": .script(PackageResources.generate_js),
        "filename.js": .script(PackageResources.filename_js),
        "job-dialog.js": .script(PackageResources.job_dialog_js),
        "job-progress.js": .script(PackageResources.job_progress_js),
        "revert.js": .script(PackageResources.revert_js),
    ].merging(work.mapValues { .script($0) }) { $1 }

    private static func style(_ bytes: [UInt8]) -> DashboardAsset {
        DashboardAsset("text/css; charset=utf-8", bytes)
    }

    private static func script(_ bytes: [UInt8]) -> DashboardAsset {
        DashboardAsset("text/javascript; charset=utf-8", bytes)
    }

    /// One digest of all files, so that modules find each other by relative addresses.
    private static let version: String = {
        let bytes = all.sorted { $0.key < $1.key }.flatMap { Array($0.key.utf8) + $0.value.bytes }
        return String(SHA256.digest(of: bytes).description.prefix(16))
    }()

    /// The address of a file.
    static func address(of name: String) -> String { "/assets/\(version)/\(name)" }

    /// The file at an address; nil for an address of another version or of no file.
    ///
    /// - Parameters:
    ///   - version: the part of the address that stands for the content.
    ///   - name: the part after it.
    public static func named(_ name: String, version: String) -> DashboardAsset? {
        version == Self.version ? all[name] : nil
    }
}
