import { isTrustedHost } from '../../config/index.ts';
import { type Clock, minutes, seconds } from '../../kernel/index.ts';
import type { Client } from '../ports.ts';
import { type Fetched, FetchFault, safeFetch } from './safe-fetch.ts';

/** An unparsed JSON Web Key. RFC 7517 §4 */
export type Key = Readonly<Record<string, unknown>>;

/** Public keys of apps that authenticate with `private_key_jwt`. */
export interface KeySets {
  /** The app's keys with this `kid`. Throws `KeySetError` when the key set can't be loaded or parsed. */
  find(client: Client, kid: string): Promise<readonly Key[]>;
}

/** Describes a problem with a key set to the app's developer. */
export class KeySetFault extends Error {
  override readonly name = 'KeySetFault';
}

interface Entry {
  keys: readonly Key[];
  /** Time in milliseconds until which `keys` may be used. 0 when there are none. */
  freshUntil: number;
  triedAt: number;
  fault: KeySetFault | undefined;
  fetching: Promise<void> | undefined;
}

/** Longest cache time, and the cache time when the server doesn't specify one. */
const LONGEST_FRESH = minutes(60);
const USUAL_FRESH = minutes(5);
/** Minimum time between two fetches of a set, when a `kid` is missing or after a failure. */
const PAUSE = seconds(10);
const MOST_ENTRIES = 1000;

/**
 * Creates the cache of key sets.
 * @param fetched replaces the HTTP request in tests
 */
export function openKeySets(deps: {
  clock: Clock;
  trustedHosts: readonly string[];
  fetched?: (url: URL) => Promise<Fetched>;
}): KeySets {
  const entries = new Map<string, Entry>();
  const fetchDocument = deps.fetched ?? ((url) => safeFetch(url, { trusted: isTrustedHost(url, deps.trustedHosts) }));
  const now = (): number => deps.clock.now().getTime();

  async function findRemote(uri: string, kid: string): Promise<readonly Key[]> {
    const entry = entryFor(uri);
    const fresh = entry.freshUntil > now();
    const matching = fresh ? withKid(entry.keys, kid) : [];
    if (matching.length > 0) return matching;
    // A missing kid triggers a fetch, because the app may just have rotated its keys. The pause limits fetches for
    // invented kids.
    const paused = entry.triedAt + PAUSE > now() && (fresh || entry.fault !== undefined);
    if (!paused) await refreshOnce(uri, entry);
    if (entry.fault !== undefined && entry.freshUntil <= now()) throw entry.fault;
    return withKid(entry.keys, kid);
  }

  function entryFor(uri: string): Entry {
    const known = entries.get(uri);
    if (known !== undefined) return known;
    const [oldest] = entries.keys();
    if (entries.size >= MOST_ENTRIES && oldest !== undefined) entries.delete(oldest);
    const entry: Entry = { keys: [], freshUntil: 0, triedAt: 0, fault: undefined, fetching: undefined };
    entries.set(uri, entry);
    return entry;
  }

  /** Concurrent callers share one fetch. */
  function refreshOnce(uri: string, entry: Entry): Promise<void> {
    entry.fetching ??= refresh(uri, entry).finally(() => {
      entry.fetching = undefined;
    });
    return entry.fetching;
  }

  /** A failed fetch keeps the keys that are still fresh. */
  async function refresh(uri: string, entry: Entry): Promise<void> {
    entry.triedAt = now();
    try {
      const { text, headers } = await fetchDocument(new URL(uri));
      entry.keys = keysIn(text);
      entry.freshUntil = entry.triedAt + freshFor(headers);
      entry.fault = undefined;
    } catch (error) {
      const reason = error instanceof FetchFault || error instanceof KeySetFault ? error.message : 'it is unreadable';
      entry.fault = new KeySetFault(`The key set at the registered jwks_uri can't be used: ${reason}.`);
    }
  }

  return {
    async find(client, kid) {
      return client.jwksUri === undefined ? withKid(keysOf(client.jwks) ?? [], kid) : findRemote(client.jwksUri, kid);
    },
  };
}

function keysIn(text: string): readonly Key[] {
  const keys = keysOf(parsed(text));
  if (keys === undefined) throw new KeySetFault('it is no JSON object with an array of keys');
  return keys;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new KeySetFault('it is no JSON');
  }
}

function keysOf(jwks: unknown): readonly Key[] | undefined {
  const keys = typeof jwks === 'object' && jwks !== null && 'keys' in jwks ? jwks.keys : undefined;
  if (!Array.isArray(keys)) return undefined;
  return keys.filter((key) => typeof key === 'object' && key !== null);
}

const withKid = (keys: readonly Key[], kid: string): readonly Key[] => keys.filter((key) => key['kid'] === kid);

/** Milliseconds for which a response may be cached. RFC 9111 §5.2.2, §4.2.3 */
function freshFor(headers: Fetched['headers']): number {
  const control = headers['cache-control'];
  if (control === undefined) return USUAL_FRESH;
  if (/\bno-(store|cache)\b/i.test(control)) return 0;
  const age = /(?:^|[\s,])max-age="?(\d+)/i.exec(control)?.[1];
  if (age === undefined) return USUAL_FRESH;
  const left = seconds(Number(age) - (Number(headers['age']) || 0));
  return Math.min(Math.max(left, 0), LONGEST_FRESH);
}
