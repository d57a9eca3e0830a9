import { sha256 } from '../../kernel/index.ts';
import type { EnforceContext } from './context.ts';
import { badCursor, type Cursor } from './cursor.ts';
import { FORMATS, type Pair } from './search-request.ts';

/** In what a page may differ from the one before: how long it is, how much of each resource it has, and how it is written. */
const OF_A_PAGE: readonly string[] = [
  '_cursor',
  '_count',
  '_maxresults',
  '_total',
  '_summary',
  '_elements',
  ...FORMATS,
];

/** Whose search it is, and of which version. */
export interface Searcher {
  readonly grant: Pick<EnforceContext['grant'], 'grantId' | 'record'>;
  readonly version: Pick<EnforceContext['version'], 'api'>;
}

/**
 * By which a cursor knows its search: what is asked for, where, and by whom. In whatever order: a client may keep the
 * parameters of a link in a map. It is no secret and no right either, see `Cursor`.
 * @param path below the base
 * @param understood the parameters that were taken into account
 */
export function searchDigest({ grant, version }: Searcher, path: string, understood: readonly Pair[]): string {
  const asked = understood.filter(([name]) => !OF_A_PAGE.includes(name)).map((pair) => JSON.stringify(pair));
  const whole = [version.api, grant.grantId, grant.record?.patientId ?? null, path, ...asked.sort()];
  return sha256(JSON.stringify(whole)).subarray(0, 9).toString('base64url');
}

/** The position of a page means nothing in another search: what was between two pages would be lost, or come twice. */
export function requireOwn(cursor: Pick<Cursor, 'search'> | undefined, search: string): void {
  if (cursor !== undefined && cursor.search !== search) throw badCursor();
}
