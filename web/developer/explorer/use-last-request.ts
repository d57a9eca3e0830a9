import { useState } from 'react';
import type { RequestStore } from './request-store.ts';

/**
 * Returns the request that was sent last before a page was opened, as URL parameters, so that a developer who comes back
 * continues there. The same history entry of the browser always gets the same request, so that “Back” works, and
 * requests of other tabs don't change an open page. Returns an empty text if nothing was sent.
 * @param entry key of the browser's history entry
 */
export function useLastRequest({ key, history }: RequestStore, entry: string): string {
  const [requests] = useState(() => new Map<string, string>());
  const id = `${key} ${entry}`;
  const last = requests.get(id) ?? history[0]?.search ?? '';
  requests.set(id, last);
  return last;
}
