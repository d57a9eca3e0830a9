import ipaddr from 'ipaddr.js';

/** Who counts as one: a subscriber holds a whole /64 of IPv6 and may use a new address for each request. */
export function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const read = ipaddr.process(address);
  return read.kind() === 'ipv4' ? read.toString() : read.toByteArray().slice(0, 8).join('.');
}
