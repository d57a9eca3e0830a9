import ipaddr from 'ipaddr.js';

/**
 * Tells whether a host, as written in a URL, is the computer that the browser runs on: names under `localhost` (RFC
 * 6761 §6.3) and loopback addresses, including IPv4 mapped to IPv6. The unspecified address (0.0.0.0 or ::) counts too,
 * because common browsers reach the same computer with it.
 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const address = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(address) && ['loopback', 'unspecified'].includes(ipaddr.process(address).range());
}
