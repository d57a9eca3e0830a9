import ipaddr from 'ipaddr.js';

/**
 * The network that an address is counted under in rate limits. A subscriber holds a whole IPv6 /64 and
 * may use a new address for each request.
 */
export const clientNetwork = (address: string): string => addressPrefix(address, 8);

/**
 * The site that an address belongs to. One site may hold many networks: it is assigned up to an IPv6
 * /48 (RFC 6177 §2).
 */
export const clientSite = (address: string): string => addressPrefix(address, 6);

/** @param bytes length of the prefix of an IPv6 address; an IPv4 address is used whole */
function addressPrefix(address: string, bytes: number): string {
  if (!ipaddr.isValid(address)) return address;
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4' ? read.toString() : read.toByteArray().slice(0, bytes).join('.');
}
