import ipaddr from 'ipaddr.js';

/**
 * Returns the network to which rate limits assign an IP address: an IPv4 address itself, or an IPv6 /64. A subscriber
 * has a whole /64 and may use a new address for each request.
 */
export const clientNetwork = (address: string): string => addressPrefix(address, 8);

/**
 * Returns the site that an IP address belongs to: an IPv4 address itself, or an IPv6 /48. One site may be assigned up
 * to a /48, which contains many networks (RFC 6177 §2).
 */
export const clientSite = (address: string): string => addressPrefix(address, 6);

/** Returns the prefix of an IPv6 address, or a whole IPv4 address. @param bytes length of the IPv6 prefix */
function addressPrefix(address: string, bytes: number): string {
  if (!ipaddr.isValid(address)) return address;
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4' ? read.toString() : read.toByteArray().slice(0, bytes).join('.');
}
