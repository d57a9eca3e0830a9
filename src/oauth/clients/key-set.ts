import { isTrustedHost } from '../../config/index.ts';
import type { App } from '../../domain/index.ts';
import { type Clock, isObject, minutes, seconds } from '../../kernel/index.ts';
import { FetchError, type FetchedDocument, safeFetch } from './safe-fetch.ts';

/** Members of a JSON Web Key (RFC 7517 §4), not validated. */
export type JsonWebKeyMembers = Readonly<Record<string, unknown>>;

/** Finds public keys of apps that authenticate with `private_key_jwt`. */
export interface KeySets {
  /** Returns the app's keys with this `kid`. Throws `KeySetError` if the app's key set can't be loaded or parsed. */
  find(client: App, kid: string): Promise<readonly JsonWebKeyMembers[]>;
}

/** An app's key set can't be used. The message describes the problem to the app's developer. */
export class KeySetError extends Error {
  override readonly name = 'KeySetFault';
}

interface KeySetCacheEntry {
  keys: readonly JsonWebKeyMembers[];
  /** Time in milliseconds since 1970 until which `keys` may be used. 0 if no keys were loaded. */
  freshUntil: number;
  triedAt: number;
  error: KeySetError | undefined;
  fetching: Promise<void> | undefined;
}

/** Maximum time to cache a key set. If the app's server specifies no time, `DEFAULT_CACHE_TIME` applies. */
const MAX_CACHE_TIME = minutes(60);
const DEFAULT_CACHE_TIME = minutes(5);
/**
 * Minimum time between two fetches of a key set, after a failed fetch or if the set has no key with the requested
 * `kid`.
 */
const FETCH_PAUSE = seconds(10);
const MAX_ENTRIES = 1000;

/**
 * Creates the cache of the apps' key sets.
 * @param deps.fetched replaces the HTTP request in tests
 */
export function createKeySets(deps: {
  clock: Clock;
  trustedHosts: readonly string[];
  fetched?: (url: URL) => Promise<FetchedDocument>;
}): KeySets {
  const entries = new Map<string, KeySetCacheEntry>();
  const fetchDocument = deps.fetched ?? ((url) => safeFetch(url, { trusted: isTrustedHost(url, deps.trustedHosts) }));
  const now = (): number => deps.clock.now().getTime();

  async function findRemote(uri: string, kid: string): Promise<readonly JsonWebKeyMembers[]> {
    const entry = entryFor(uri);
    const fresh = entry.freshUntil > now();
    const matching = fresh ? filterByKid(entry.keys, kid) : [];
    if (matching.length > 0) return matching;
    // If no cached key has this `kid`, the set is fetched again, because the app may just have rotated its keys.
    // `FETCH_PAUSE` limits how often requests with invented kids can cause a fetch.
    const paused = entry.triedAt + FETCH_PAUSE > now() && (fresh || entry.error !== undefined);
    if (!paused) await refreshOnce(uri, entry);
    if (entry.error !== undefined && entry.freshUntil <= now()) throw entry.error;
    return filterByKid(entry.keys, kid);
  }

  function entryFor(uri: string): KeySetCacheEntry {
    const known = entries.get(uri);
    if (known !== undefined) return known;
    const [oldest] = entries.keys();
    if (entries.size >= MAX_ENTRIES && oldest !== undefined) entries.delete(oldest);
    const entry: KeySetCacheEntry = { keys: [], freshUntil: 0, triedAt: 0, error: undefined, fetching: undefined };
    entries.set(uri, entry);
    return entry;
  }

  /** Fetches the key set. Concurrent callers share one fetch. */
  function refreshOnce(uri: string, entry: KeySetCacheEntry): Promise<void> {
    entry.fetching ??= refresh(uri, entry).finally(() => {
      entry.fetching = undefined;
    });
    return entry.fetching;
  }

  /** Fetches the key set. If the fetch fails, the cached keys stay in use until they expire. */
  async function refresh(uri: string, entry: KeySetCacheEntry): Promise<void> {
    entry.triedAt = now();
    try {
      const { text, headers } = await fetchDocument(new URL(uri));
      entry.keys = parseKeySet(text);
      entry.freshUntil = entry.triedAt + cacheTime(headers);
      entry.error = undefined;
    } catch (error) {
      const reason = error instanceof FetchError || error instanceof KeySetError ? error.message : 'it is unreadable';
      entry.error = new KeySetError(`The key set at the registered jwks_uri can't be used: ${reason}.`);
    }
  }

  return {
    async find(client, kid) {
      return client.jwksUri === undefined
        ? filterByKid(readKeyArray(client.jwks) ?? [], kid)
        : findRemote(client.jwksUri, kid);
    },
  };
}

function parseKeySet(text: string): readonly JsonWebKeyMembers[] {
  const keys = readKeyArray(parseJson(text));
  if (keys === undefined) throw new KeySetError('it isn’t a JSON object with an array of keys');
  return keys;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeySetError('it isn’t valid JSON');
  }
}

function readKeyArray(jwks: unknown): readonly JsonWebKeyMembers[] | undefined {
  const keys = isObject(jwks) ? jwks['keys'] : undefined;
  return Array.isArray(keys) ? keys.filter(isObject) : undefined;
}

const filterByKid = (keys: readonly JsonWebKeyMembers[], kid: string): readonly JsonWebKeyMembers[] =>
  keys.filter((key) => key['kid'] === kid);

/** Returns the number of milliseconds for which the response with a key set may be cached. RFC 9111 §5.2.2, §4.2.3 */
function cacheTime(headers: FetchedDocument['headers']): number {
  const control = headers['cache-control'];
  if (control === undefined) return DEFAULT_CACHE_TIME;
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const age = /(?:^|[\s,])max-age="?(\d+)/i.exec(control)?.[1];
  if (age === undefined) return DEFAULT_CACHE_TIME;
  const left = seconds(Number(age) - (Number(headers['age']) || 0));
  return Math.min(Math.max(left, 0), MAX_CACHE_TIME);
}
