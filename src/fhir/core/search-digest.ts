import type { Grant } from '../../access/index.ts';
import { sha256 } from '../../kernel/index.ts';
import { badCursor, type Cursor } from './cursor.ts';
import { FORMATS, type Pair } from './search-request.ts';
import type { FhirVersion } from './version.ts';

/** Parameters that may change between pages of a search: page size, elements of each resource and format. */
const OF_A_PAGE: readonly string[] = [
  '_cursor',
  '_count',
  '_maxresults',
  '_total',
  '_summary',
  '_elements',
  ...FORMATS,
];

/** The grant that searches, and the FHIR version it uses. */
export interface Searcher {
  readonly grant: Pick<Grant, 'grantId' | 'record'>;
  readonly version: Pick<FhirVersion, 'api'>;
}

/**
 * Digest that ties a cursor to its search: the conditions, the path and the grant. The order of parameters doesn't matter,
 * because a client may keep the parameters of a link in a map. Like the cursor, it isn't secret and grants nothing.
 * @param path path below the base URL
 * @param understood parameters that were applied
 */
export function searchDigest({ grant, version }: Searcher, path: string, understood: readonly Pair[]): string {
  const parameters = understood.filter(([name]) => !OF_A_PAGE.includes(name)).map((pair) => JSON.stringify(pair));
  const parts = [version.api, grant.grantId, grant.record?.patientId ?? null, path, ...parameters.sort()];
  return sha256(JSON.stringify(parts)).subarray(0, 9).toString('base64url');
}

/** Rejects a cursor of another search, where its position would skip or repeat rows. @throws Problem 400 */
export function requireOwn(cursor: Pick<Cursor, 'search'> | undefined, search: string): void {
  if (cursor !== undefined && cursor.search !== search) throw badCursor();
}
