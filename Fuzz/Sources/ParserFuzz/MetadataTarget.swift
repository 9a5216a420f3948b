import Model
import Rewriting

@testable import WordPress

private let spellings = [Array("/srv/site/wp-content/uploads".utf8)]
private let map: [MediaPath: MediaPath] = {
    var map: [MediaPath: MediaPath] = [:]
    for (old, new) in [
        ("2024/05/IMG_1.jpg", "2024/05/red-bike.jpg"),
        ("2024/05/IMG_1-300x200.jpg", "2024/05/red-bike-300x200.jpg"),
    ] {
        if let old = MediaPath(ifValid: old.utf8) { map[old] = MediaPath(ifValid: new.utf8) }
    }
    return map
}()
private let rewriter: Rewriter = {
    do {
        return try Rewriter(
            map: RenameMap(map.map { (old: $0.key, new: $0.value) }),
            location: UploadsLocation(
                hosts: ["example.com"], urlPaths: ["/wp-content/uploads"], directories: [],
                assumesUsualServerFolders: true))
    } catch {
        fatalError("\(error)")
    }
}()
private let directory = MediaPath(ifValid: "2024/05".utf8)

/// `_wp_attached_file`, `_wp_attachment_metadata` and `_wp_attachment_backup_sizes`.
func fuzzMetadata(_ value: [UInt8]) {
    var attached = Attachment(id: AttachmentID(1))
    attached.setAttachedFile(value, spellings: spellings)
    expect(
        attached.attachedFile == nil || attached.externalFile == nil,
        "a file is below uploads or it is not")
    if let path = attached.attachedFile { checkPath(path) }

    let before = claims(value)
    before.forEach(checkPath)
    guard !before.isEmpty else { return }
    let rewrite = rewriter.rewrite(value, role: .attachmentMetadata(directory: directory))
    let result = rewrite.splices.applied(to: value)
    expect(SerializedValue.parse(result) != nil, "metadata stays metadata")
    guard rewrite.opaque.isEmpty else { return }
    let after = Set(claims(result))
    for path in before {
        guard let new = map[path] else { continue }
        expect(after.contains(new) && !after.contains(path), "\(path) becomes \(new)")
    }
}

/// The files that metadata names, in both of its forms.
private func claims(_ value: [UInt8]) -> [MediaPath] {
    var attachment = Attachment(id: AttachmentID(1))
    attachment.addMetadata(value, directory: directory)
    attachment.addBackupSizes(value, directory: directory)
    return attachment.claimedPaths
}

/// A path of ours never leaves the uploads folder.
func checkPath(_ path: MediaPath) {
    let segments = path.bytes.split(separator: 0x2F, omittingEmptySubsequences: false)
    expect(
        !path.bytes.contains(0)
            && segments.allSatisfy {
                !$0.isEmpty && !$0.elementsEqual(".".utf8) && !$0.elementsEqual("..".utf8)
            },
        "a path lies below the uploads folder")
    expect(
        (path.directory.map { $0.bytes + [0x2F] } ?? []) + path.name == path.bytes,
        "a path is its folder and its name")
    let dot: [UInt8] = path.pathExtension.isEmpty && path.name.last != 0x2E ? [] : [0x2E]
    expect(path.stem + dot + path.pathExtension == path.name, "a name is its stem and extension")
}
