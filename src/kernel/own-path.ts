/** The path when it leads to this server, else `/`: nobody is sent to another site from here. */
export function ownPath(publicUrl: string, path: unknown): string {
  if (typeof path !== 'string' || !path.startsWith('/') || !URL.canParse(path, publicUrl)) return '/';
  const url = new URL(path, publicUrl);
  // A path that begins with two slashes would be read as another host.
  return url.origin === publicUrl && !url.pathname.startsWith('//') ? url.pathname + url.search : '/';
}
