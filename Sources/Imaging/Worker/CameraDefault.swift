/// What cameras write where a description belongs.
enum CameraDefault {
    /// Seen in files of cameras and phones.
    private static let known: Set<String> = [
        "default", "exif_jpeg_picture", "sony dsc", "minolta dsc", "my beautiful picture",
        "untitled",
        "jpeg", "picture", "image", "photo", "screenshot", "cof", "cofs", "dav", "davs", "edf",
        "edfs",
        "fbt", "hdr", "hdrpl", "mde", "oznor", "oznorhdr", "cofsoznor", "ozedf", "ptr", "rhdr",
        "sdr",
        "vrh", "burst", "nor", "norhdr", "dig", "maker:0x4c,date:",
    ]

    /// Whether a description is nobody's.
    static func isOne(_ text: String) -> Bool {
        let text = text.lowercased()
        return known.contains(text) || text.contains("digital camera") || text.hasPrefix("dcim\\")
            || text.hasPrefix("<kenox")
    }
}
