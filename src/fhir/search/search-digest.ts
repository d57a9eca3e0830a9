import type { AccessGrant } from '../../access/index.ts';
import { sha256Base64url } from '../../kernel/index.ts';
import type { FhirVersion } from '../model/fhir-version.ts';
import { invalidCursor, type PageCursor } from './cursor.ts';
import { FORMAT_PARAMETERS, type QueryParameter } from './search-request.ts';

/** Parameters that a client may change from page to page: page size, elements of each resource, and format. */
const PAGE_PARAMETERS: ReadonlySet<string> = new Set([
  '_cursor',
  '_count',
  '_maxresults',
  '_total',
  '_summary',
  '_elements',
  ...FORMAT_PARAMETERS,
]);

/** The grant under which a client searches, and the FHIR version that it uses. */
export interface SearchOwner {
  readonly grant: Pick<AccessGrant, 'grantId' | 'record'>;
  readonly version: Pick<FhirVersion, 'api'>;
}

/**
 * Computes a digest that ties a page cursor to its search: the conditions, the path and the grant. The order of the
 * parameters doesn't matter, because a client may read the parameters of a link into a map. The digest isn't secret and
 * grants no access.
 * @param path path below the base URL
 * @param understood parameters that the search applied
 */
export function searchDigest(
  { grant, version }: SearchOwner,
  path: string,
  understood: readonly QueryParameter[],
): string {
  const parameters = understood.filter(([name]) => !PAGE_PARAMETERS.has(name)).map((pair) => JSON.stringify(pair));
  const parts = [version.api, grant.grantId, grant.record?.patientId ?? null, path, ...parameters.sort()];
  return sha256Base64url(JSON.stringify(parts)).slice(0, DIGEST_LENGTH);
}

/** Length in characters of base64url. */
const DIGEST_LENGTH = 12;

/**
 * Rejects a page cursor that belongs to another search. The current search would skip or repeat resources if it
 * continued at the cursor's position.
 * @param compute computes the digest of the current search, which most searches don't need: they have one page
 * @returns a function that returns that digest
 * @throws Problem 400
 */
export function requireSameSearch(cursor: Pick<PageCursor, 'search'> | undefined, compute: () => string): () => string {
  if (cursor === undefined) return compute;
  const search = compute();
  if (cursor.search !== search) throw invalidCursor();
  return () => search;
}
