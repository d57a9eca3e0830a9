/**
 * Tells whether the operator trusts the host of a URL.
 * @param trusted hosts in lower case, each as `host` (any port) or `host:port`
 */
export function isTrustedHost(url: URL, trusted: readonly string[]): boolean {
  const port = url.port === '' ? (url.protocol === 'http:' ? '80' : '443') : url.port;
  return trusted.includes(url.hostname) || trusted.includes(`${url.hostname}:${port}`);
}
