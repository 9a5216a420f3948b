/// An IPv4 or IPv6 address, judged by where it leads.
struct NumericAddress: CustomStringConvertible {
    /// 4 bytes of IPv4, also where it came mapped or translated into IPv6; else 16.
    let bytes: [UInt8]

    init?(_ raw: [UInt8]) {
        let isMapped =
            raw.count == 16 && raw[..<10].allSatisfy { $0 == 0 } && raw[10] == 0xFF
            && raw[11] == 0xFF
        // 64:ff9b::/96 (RFC 6052) leads to the IPv4 address in it.
        let isTranslated =
            raw.count == 16
            && raw[..<12].elementsEqual([0, 0x64, 0xFF, 0x9B] + [UInt8](repeating: 0, count: 8))
        switch raw.count {
        case 4: bytes = raw
        case 16: bytes = isMapped || isTranslated ? Array(raw[12...]) : raw
        default: return nil
        }
    }

    var description: String {
        if bytes.count == 4 { return bytes.map(String.init).joined(separator: ".") }
        return stride(from: 0, to: 16, by: 2).map {
            String(Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]), radix: 16)
        }.joined(separator: ":")
    }

    /// Whether it is link-local: 169.254.0.0/16, fe80::/10, and the IPv6 metadata service of AWS.
    var isLinkLocal: Bool {
        if bytes.count == 4 { return bytes[0] == 169 && bytes[1] == 254 }
        return bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
            || bytes.starts(with: [0xFD, 0x00, 0x0E, 0xC2])
    }

    /// Whether it is in the public internet, by the registries of RFC 6890 and its successors.
    var isPublic: Bool {
        if isLinkLocal { return false }
        guard bytes.count == 4 else {
            // Global unicast is 2000::/3; of it 2001:db8::/32 is documentation, 2002::/16 is 6to4
            // and 2001::/32 Teredo, which embed IPv4 addresses.
            return bytes[0] & 0xE0 == 0x20 && !bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
                && !bytes.starts(with: [0x20, 0x02]) && !bytes.starts(with: [0x20, 0x01, 0, 0])
        }
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (224..., _): return false
        case (100, 64...127), (172, 16...31), (192, 168), (198, 18...19): return false
        case (192, 0): return bytes[2] != 0 && bytes[2] != 2
        case (198, 51): return bytes[2] != 100
        case (203, 0): return bytes[2] != 113
        default: return true
        }
    }
}

extension HTTPRequest.AddressPolicy {
    func allows(_ address: NumericAddress) -> Bool {
        switch self {
        case .allButLinkLocal: !address.isLinkLocal
        case .publicOnly: address.isPublic
        }
    }
}
