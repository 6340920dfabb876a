import Foundation
import NIOCore

/// Addresses that only this machine or its own network reaches. A webhook must not lead there: whoever may set one could
/// otherwise ask questions from inside.
enum PrivateAddress {
    static func contains(_ address: SocketAddress) -> Bool {
        guard let text = address.ipAddress else { return true }
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 { return isPrivate(v4: Array(bytes[..<4])) }
        // A scope (`%eth0`) is no part of the address; only link-local ones have it.
        guard inet_pton(AF_INET6, text, &bytes) == 1 else { return true }
        return isPrivate(v6: bytes)
    }

    /// IANA's special-purpose registry (2024): this network, private, shared, loopback, link-local, protocol assignments,
    /// documentation, benchmarks, multicast, reserved.
    static func isPrivate(v4 bytes: [UInt8]) -> Bool {
        switch (bytes[0], bytes[1]) {
        case (0, _), (10, _), (127, _), (224..., _): true
        case (100, 64...127), (169, 254), (172, 16...31), (192, 168), (198, 18...19): true
        case (192, 0): bytes[2] == 0 || bytes[2] == 2
        case (198, 51): bytes[2] == 100
        case (203, 0): bytes[2] == 113
        default: false
        }
    }

    static func isPrivate(v6 bytes: [UInt8]) -> Bool {
        if bytes.prefix(12).elementsEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF]) {
            return isPrivate(v4: Array(bytes[12...]))
        }
        // NAT64 and 6to4 lead to the address within.
        if bytes.starts(with: [0, 0x64, 0xFF, 0x9B]) { return isPrivate(v4: Array(bytes[12...])) }
        if bytes.starts(with: [0x20, 0x02]) { return isPrivate(v4: Array(bytes[2..<6])) }
        // Only 2000::/3 is public, and 2001:db8::/32 of it is for documentation.
        return bytes[0] & 0xE0 != 0x20 || bytes.starts(with: [0x20, 0x01, 0x0D, 0xB8])
    }
}
