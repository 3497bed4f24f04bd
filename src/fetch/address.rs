//! Which network addresses a crawler may be led to.
//!
//! A page, a redirect or a name that resolves into a private network would make the crawler a tool against the machine
//! it runs on, its neighbours, or a cloud's metadata service. The check is for resolved addresses, since any public
//! name may point anywhere.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use crate::url::CanonicalUrl;

/// Whether an address is of the public internet: not loopback, link-local (the metadata services among it), private
/// (RFC 1918, RFC 4193), shared (RFC 6598), reserved, for documentation, or multicast. An IPv6 address that carries an
/// IPv4 address is what it carries.
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => carried_v4(address).map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

/// The address that a URL names literally, without a host name.
pub fn literal_address(url: &CanonicalUrl) -> Option<IpAddr> {
    match url.as_url().host()? {
        url::Host::Ipv4(address) => Some(IpAddr::V4(address)),
        url::Host::Ipv6(address) => Some(IpAddr::V6(address)),
        url::Host::Domain(_) => None,
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || a == 0
        || a >= 224
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19)))
}

/// Global unicast is `2000::/3`; what is set apart in it is Teredo, benchmarking, ORCHID and documentation.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    let special = match first {
        0x2001 => second < 0x0200 || second == 0x0db8,
        0x3fff => true,
        _ => false,
    };
    (first & 0xe000) == 0x2000 && !special
}

/// The IPv4 address within a mapped, compatible, NAT64 or 6to4 address.
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff | 0, high, low] => Some(join(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] => Some(join(high, low)),
        [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::is_public;

    fn check(addresses: &[&str], public: bool) {
        for address in addresses {
            assert_eq!(is_public(address.parse().unwrap()), public, "{address}");
        }
    }

    #[test]
    fn public_and_private_networks() {
        check(&["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "192.1.0.1", "198.20.0.1"], true);
        check(
            &["127.0.0.1", "127.9.9.9", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.9.9", "192.168.1.1"],
            false,
        );
        check(&["169.254.169.254", "100.64.0.1", "100.100.100.200", "224.0.0.1", "255.255.255.255"], false);
        check(&["198.18.0.1", "192.0.2.1", "192.0.0.8"], false);
        check(&["2606:4700::1111", "2a00::1", "2001:4860:4860::8888"], true);
        check(
            &["::1", "::", "fe80::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "2001::1"],
            false,
        );
        check(&["::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::"], false);
        check(&["::ffff:1.1.1.1", "64:ff9b::101:101", "2002:101:101::"], true);
    }
}
