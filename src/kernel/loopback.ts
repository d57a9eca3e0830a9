import ipaddr from 'ipaddr.js';

/**
 * Whether a host, as a URL has it, is the computer that the browser runs on: names under `localhost` (RFC 6761 §6.3) and
 * loopback addresses, also as IPv4 in IPv6. The unspecified address reaches the same computer in common browsers.
 */
export function isLoopbackHost(hostname: string): boolean {
  const host = hostname.toLowerCase().replace(/\.$/, '');
  if (host === 'localhost' || host.endsWith('.localhost')) return true;
  const address = host.replace(/^\[|\]$/g, '');
  return ipaddr.isValid(address) && ['loopback', 'unspecified'].includes(ipaddr.process(address).range());
}
