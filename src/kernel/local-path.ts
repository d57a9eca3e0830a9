/**
 * Returns the path if it stays on this server, otherwise `/`. This prevents open redirects.
 * @param path untrusted value, such as a query parameter
 */
export function localPath(publicUrl: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, publicUrl)) return '/';
  const url = new URL(path, publicUrl);
  // A browser treats a path that begins with two slashes as an address on another host.
  return url.origin === publicUrl && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
