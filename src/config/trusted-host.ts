/**
 * Returns whether the operator trusts the host of an address. @param trusted `host` (any port) or
 * `host:port`, in lower case
 */
export function isTrustedHost(url: URL, trusted: readonly string[]): boolean {
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
  return trusted.includes(url.hostname) || trusted.includes(`${url.hostname}:${port}`);
}
