import ipaddr from 'ipaddr.js';

/** Who counts as one: a subscriber holds a whole /64 of IPv6 and may use a new address for each request. */
export const networkOf = (address: string): string => prefixOf(address, 8);

/** Who may hold many networks: an end site is given up to a /48. RFC 6177 §2 */
export const siteOf = (address: string): string => prefixOf(address, 6);

/** @param bytes how much of an address of IPv6 counts; of IPv4 it is all */
function prefixOf(address: string, bytes: number): string {
  if (!ipaddr.isValid(address)) return address;
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4' ? read.toString() : read.toByteArray().slice(0, bytes).join('.');
}
