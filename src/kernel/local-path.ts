/** Returns the path if it stays on this server, else `/`. This prevents open redirects. */
export function localPath(publicUrl: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, publicUrl)) return '/';
  const url = new URL(path, publicUrl);
  // A browser would read a path that begins with two slashes as another host.
  return url.origin === publicUrl && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
