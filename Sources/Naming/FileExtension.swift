/// What is known about extensions, in lower case and without their dot.
enum FileExtension {
    /// Extensions of the files that a media library holds, and of other common files.
    ///
    /// After the types that WordPress's `wp_get_mime_types` knows, with the newer image formats
    /// and what people put beside images.
    private static let known = Set(
        """
        jpg jpeg jpe jfif gif png apng bmp tif tiff webp ico heic heif avif jxl svg svgz psd ai eps \
        cr2 nef dng asf asx wmv wmx wm avi divx flv mov qt mpeg mpg mpe mp4 m4v ogv webm mkv \
        3gp 3gpp 3g2 3gp2 vtt srt dfxp mp3 m4a m4b aac ra ram wav ogg oga opus flac mid midi wma \
        wax mka aiff txt csv tsv ics rtx md css scss htm html xhtml xml json yaml yml \
        map rtf js mjs ts wasm pdf swf tar zip gz gzip rar 7z bz2 xz zst doc pot pps ppt wri \
        xla xls xlt xlw mdb mpp docx docm dotx dotm xlsx xlsm xlsb xltx xltm xlam pptx pptm ppsx \
        ppsm potx potm ppam sldx sldm onetoc onetoc2 onetmp onepkg oxps xps odt odp ods odg odc \
        odb odf wp wpd bak sql log ini tmp swp eot otf ttf woff woff2
        """.split { $0.isWhitespace }.map { Array($0.utf8) })

    /// Extensions that some server or system runs.
    private static let executable = Set(
        """
        phar phtml pht cgi fcgi pl pm py pyc rb lua sh bash ksh zsh csh htaccess htpasswd htgroup \
        shtml shtm stm asp aspx asa asax ascx ashx asmx cer cfm cfc jsp jspx jspf exe com dll \
        bat cmd msi scr vbs vbe wsf wsh ps1 jar war ear hta inc
        """.split { $0.isWhitespace }.map { Array($0.utf8) })

    /// Whether a server or system may run files with the extension, in any letter case.
    static func isExecutable(_ pathExtension: some Sequence<UInt8>) -> Bool {
        let lowered = pathExtension.map(lowercased)
        return executable.contains(lowered) || lowered.starts(with: "php".utf8)
    }

    /// Whether a last part after a dot is an extension, and not just a part of a name.
    static func isKnown(_ pathExtension: some Sequence<UInt8>) -> Bool {
        let lowered = pathExtension.map(lowercased)
        return known.contains(lowered) || isExecutable(lowered)
    }

    /// Whether two extensions stand for one type of file, in any letter case.
    static func areSameType(_ one: some Sequence<UInt8>, _ other: some Sequence<UInt8>) -> Bool {
        canonical(one) == canonical(other)
    }

    /// One spelling for all extensions of a type.
    private static func canonical(_ pathExtension: some Sequence<UInt8>) -> [UInt8] {
        let lowered = pathExtension.map(lowercased)
        let isJPEG = ["jpeg", "jpe"].contains { Array($0.utf8) == lowered }
        return isJPEG ? Array("jpg".utf8) : lowered
    }
}

/// An ASCII letter in lower case; any other byte as it is.
func lowercased(_ byte: UInt8) -> UInt8 {
    UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
}
