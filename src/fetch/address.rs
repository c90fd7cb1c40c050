//! Which network addresses anybody on the Internet may be reached at.
//!
//! A followed feed can name any address: without this rule it could make the archive ask machines that only the archive can reach.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Blocks that are not globally reachable, or stand for no single machine: IANA's IPv4 Special-Purpose Address Registry, multicast
/// (RFC 5771) and the reserved rest (RFC 1112, section 4), broadcast included. The two anycast exceptions in 192.0.0.0/24 are no web servers.
const SPECIAL_V4: [([u8; 4], u32); 14] = [
    ([0, 0, 0, 0], 8),
    ([10, 0, 0, 0], 8),
    ([100, 64, 0, 0], 10),
    ([127, 0, 0, 0], 8),
    ([169, 254, 0, 0], 16),
    ([172, 16, 0, 0], 12),
    ([192, 0, 0, 0], 24),
    ([192, 0, 2, 0], 24),
    ([192, 88, 99, 0], 24),
    ([192, 168, 0, 0], 16),
    ([198, 18, 0, 0], 15),
    ([198, 51, 100, 0], 24),
    ([203, 0, 113, 0], 24),
    ([224, 0, 0, 0], 3),
];

/// Blocks within the global unicast range that are no public machines: IANA's IPv6 Special-Purpose Address Registry. 2001::/23 holds
/// Teredo, ORCHID and benchmarking; 6to4 is judged by the address inside.
const SPECIAL_V6: [([u16; 8], u32); 3] =
    [([0x2001, 0, 0, 0, 0, 0, 0, 0], 23), ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 0], 32), ([0x3fff, 0, 0, 0, 0, 0, 0, 0], 20)];

/// Whether an address is one that anybody can reach.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let within = |block: [u8; 4], prefix: u32| (address.to_bits() ^ Ipv4Addr::from(block).to_bits()) >> (32 - prefix) == 0;
    !SPECIAL_V4.iter().any(|(block, prefix)| within(*block, *prefix))
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    if let Some(inside) = embedded(address) {
        return is_public_v4(inside);
    }
    let within = |block: [u16; 8], prefix: u32| (address.to_bits() ^ Ipv6Addr::from(block).to_bits()) >> (128 - prefix) == 0;
    // RFC 4291, section 2.4: all global unicast that IANA gives out begins with the bits 001.
    within([0x2000, 0, 0, 0, 0, 0, 0, 0], 3) && !SPECIAL_V6.iter().any(|(block, prefix)| within(*block, *prefix))
}

/// The IPv4 address that an IPv6 one only wraps: mapped (RFC 4291), behind the well-known NAT64 prefix (RFC 6052), or 6to4 (RFC 3056).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let from = |high: u16, low: u16| Some(Ipv4Addr::from_bits(u32::from(high) << 16 | u32::from(low)));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] => from(high, low),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => from(high, low),
        [0x2002, high, low, ..] => from(high, low),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn special_addresses_are_not_public() {
        for address in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:10::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "2002:c0a8:101::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fdff::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(address.parse().expect("an address")), "{address}");
        }
    }

    #[test]
    fn addresses_of_the_internet_are_public() {
        for address in [
            "1.1.1.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.1",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.1",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2001:200::1",
            "2606:4700::1111",
            "2a00:1450:4001::1",
            "::ffff:1.1.1.1",
            "64:ff9b::101:101",
            "2002:101:101::1",
        ] {
            assert!(is_public(address.parse().expect("an address")), "{address}");
        }
    }

    proptest! {
        #[test]
        fn a_wrapped_address_is_judged_by_what_is_inside(bits: u32) {
            let [a, b, c, d] = bits.to_be_bytes();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let inside = is_public(IpAddr::from([a, b, c, d]));
            for wrapped in [[0, 0, 0, 0, 0, 0xffff, high, low], [0x64, 0xff9b, 0, 0, 0, 0, high, low], [0x2002, high, low, 0, 0, 0, 0, 1]] {
                prop_assert_eq!(is_public(IpAddr::from(wrapped)), inside);
            }
        }
    }
}
