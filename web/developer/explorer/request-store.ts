import { useSyncExternalStore } from 'react';
import { useSession } from '../../shell/session.ts';
import type { ExplorerFhirVersion } from './open-api.ts';

/** A request to one FHIR version and what came of it. It contains no token and nothing of the response's body. */
export interface SentRequest {
  readonly version: ExplorerFhirVersion;
  /** Path below the FHIR base URL, with the search parameters. */
  readonly path: string;
  /** HTTP status; null if the server couldn't be reached. */
  readonly status: number | null;
  readonly milliseconds: number;
  readonly bytes: number;
}

/** The requests of one click on Send: one for each FHIR version that has the resource type. */
export interface RequestHistoryEntry {
  /** The same for the requests of one click. */
  readonly batch: string;
  readonly at: number;
  /** The request as URL parameters of the explorer, with which it can be sent again. */
  readonly search: string;
  readonly requests: readonly SentRequest[];
}

export interface SavedRequest {
  readonly name: string;
  /** The request as URL parameters of the explorer. */
  readonly search: string;
}

export interface StoredRequests {
  /** The newest first. */
  readonly history: readonly RequestHistoryEntry[];
  /** By name. */
  readonly saved: readonly SavedRequest[];
}

/** How long stored requests last: in this browser, until the tab is closed, or until the page is reloaded. */
export type StorageDuration = 'browser' | 'tab' | 'page';

export const HISTORY_LIMIT = 50;
export const SAVED_LIMIT = 50;
export const NAME_LIMIT = 80;
/** Characters of URL parameters and paths. A longer request is sent, but not stored. */
const LENGTH_LIMIT = 2000;

const EMPTY: StoredRequests = { history: [], saved: [] };

/** Stored requests of pages whose browser doesn't allow storage, or has no room left. */
const inMemory = new Map<string, string>();
const parsed = new Map<string, { readonly text: string; readonly requests: StoredRequests }>();
const listeners = new Set<() => void>();

/** Where the stored requests of one account and app are. */
interface Place {
  readonly key: string;
  readonly storage: 'localStorage' | 'sessionStorage';
}

export interface RequestStore extends StoredRequests {
  /** Name of the list of this account and app. */
  readonly key: string;
  readonly lasts: StorageDuration;
  /** Changes the stored requests, as they are at that moment. Another tab may have changed them. */
  readonly update: (change: (stored: StoredRequests) => StoredRequests) => void;
}

/**
 * Returns the history and the saved requests of the signed-in account and an app. Search values can identify a patient,
 * so accounts and apps don't share them, and visitors without a developer account keep them only as long as their
 * tokens, in sessionStorage.
 */
export function useRequestStore(clientId: string): RequestStore {
  const { person } = useSession();
  const isDeveloper = person !== null && (person.kind === 'developer' || person.administrator);
  const place: Place = {
    key: `explorer-requests:${isDeveloper ? person.accountId : ''}:${clientId}`,
    storage: isDeveloper ? 'localStorage' : 'sessionStorage',
  };
  const stored = useSyncExternalStore(subscribe, () => read(place));
  return {
    ...stored,
    key: place.key,
    lasts: inMemory.has(place.key) ? 'page' : isDeveloper ? 'browser' : 'tab',
    update: (change) => write(place, change(read(place))),
  };
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    removeEventListener('storage', listener);
  };
}

function read(place: Place): StoredRequests {
  const text = readText(place);
  const known = parsed.get(place.key);
  if (known?.text === text) return known.requests;
  const requests = parse(text);
  parsed.set(place.key, { text, requests });
  return requests;
}

function readText({ key, storage }: Place): string {
  const text = inMemory.get(key);
  if (text !== undefined) return text;
  try {
    return globalThis[storage].getItem(key) ?? '';
  } catch {
    return '';
  }
}

function write({ key, storage }: Place, requests: StoredRequests): void {
  const text = JSON.stringify(requests);
  try {
    globalThis[storage].setItem(key, text);
    inMemory.delete(key);
  } catch {
    inMemory.set(key, text);
  }
  for (const listener of listeners) listener();
}

/** Reads stored requests. Leaves out what isn't valid, because another release may have written it. */
function parse(text: string): StoredRequests {
  try {
    const { history, saved } = JSON.parse(text) as Partial<StoredRequests>;
    return {
      history: toList(history).filter(isHistoryEntry).slice(0, HISTORY_LIMIT),
      saved: toList(saved).filter(isSavedRequest).slice(0, SAVED_LIMIT),
    };
  } catch {
    return EMPTY;
  }
}

const toList = <Item>(value: readonly Item[] | undefined): readonly Item[] => (Array.isArray(value) ? value : []);

const isHistoryEntry = (entry: RequestHistoryEntry | null): boolean =>
  typeof entry?.at === 'number' &&
  typeof entry.search === 'string' &&
  Array.isArray(entry.requests) &&
  entry.requests.every(isSentRequest);

const isSentRequest = (request: SentRequest | null): boolean =>
  (request?.version === 'r4' || request?.version === 'dstu2') &&
  typeof request.path === 'string' &&
  (request.status === null || typeof request.status === 'number') &&
  typeof request.milliseconds === 'number' &&
  typeof request.bytes === 'number';

const isSavedRequest = (request: SavedRequest | null): boolean =>
  typeof request?.name === 'string' && typeof request.search === 'string';

/** Returns whether a request is short enough to be stored. */
export const isStorable = (search: string): boolean => search.length <= LENGTH_LIMIT;

/**
 * Adds a request to the history. Requests of the same click become one entry.
 * @param sent batch, time and URL parameters of the click
 */
export function addToHistory(
  { history, saved }: StoredRequests,
  sent: Omit<RequestHistoryEntry, 'requests'>,
  request: SentRequest,
): StoredRequests {
  if (!isStorable(sent.search) || request.path.length > LENGTH_LIMIT) return { history, saved };
  const isSame = (entry: RequestHistoryEntry): boolean => entry.batch === sent.batch && entry.search === sent.search;
  const entry = history.find(isSame) ?? { ...sent, requests: [] };
  const requests = [...entry.requests.filter(({ version }) => version !== request.version), request];
  // R4 is first, like on the page.
  requests.sort((one, other) => other.version.localeCompare(one.version));
  const others = history.filter((other) => other !== entry);
  return { history: [{ ...entry, requests }, ...others].slice(0, HISTORY_LIMIT), saved };
}

/**
 * Saves a request under a name, in place of the request that has this name.
 * @param before earlier name of the request, if it is renamed
 */
export function saveUnderName({ history, saved }: StoredRequests, request: SavedRequest, before = ''): StoredRequests {
  const others = saved.filter(({ name }) => name !== request.name && name !== before);
  const sorted = [...others, request].toSorted((one, other) => one.name.localeCompare(other.name));
  return { history, saved: sorted.slice(0, SAVED_LIMIT) };
}
