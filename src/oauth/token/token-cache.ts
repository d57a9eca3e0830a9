import { type AccessGrant, findWithheldLabels, printScopes, type Scope } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import type { FhirApi, SecurityLabel } from '../../domain/index.ts';
import { type Clock, type PracticeId, ttlCache } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { type ActiveTokenContext, findActiveToken } from './find-token.ts';
import { parseToken } from './opaque-token.ts';
import { getCurrentScopes } from './token-response.ts';

/** An active access token with the access that it gives now. */
export interface CachedToken {
  readonly token: ActiveTokenContext;
  readonly grant: AccessGrant;
  /** The scopes that the token gives now, as text. */
  readonly scope: string;
}

/** Cache of access tokens. Entries live for at most a second, so an ended token may still be accepted for that long. */
export interface TokenCache {
  /**
   * Finds an active access token. Returns undefined if the token isn't active. If the database can't be reached, the
   * error is thrown and no token is accepted.
   */
  find(text: string): Promise<CachedToken | undefined>;
  /** Drops a token that this process has just ended from the cache. */
  forget(text: string): void;
  forgetFamily(familyId: string): void;
}

export interface TokenCacheDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  /**
   * Security labels of data that an app gets only if the patient checks the label on the consent page. None by default.
   */
  readonly sensitive?: readonly SecurityLabel[];
}

/** Creates the cache of access tokens for this process. */
export function createTokenCache({ db, clock, types, sensitive = [] }: TokenCacheDeps): TokenCache {
  const cache = ttlCache(clock, async (text) => {
    const token = parseToken(text);
    const found = token === undefined ? undefined : await findActiveToken(db, clock.now(), token, 'access');
    if (token === undefined || found === undefined) return undefined;
    return toCachedToken(token.familyId, found, types, sensitive);
  });
  return {
    async find(text) {
      const found = await cache.get(text);
      return found !== undefined && clock.now() < found.token.expiresAt ? found : undefined;
    },
    forget: (text) => cache.invalidate((key) => key === text),
    forgetFamily: (familyId) => cache.invalidate((key) => key.startsWith(`${familyId}.`)),
  };
}

function toCachedToken(
  familyId: string,
  token: ActiveTokenContext,
  types: ServedTypes,
  sensitive: readonly SecurityLabel[],
): CachedToken {
  const scopes = getCurrentScopes(token, types);
  // Data with sensitive labels is withheld unless the patient allowed it. This doesn't apply to staff and backend apps,
  // which read at their practices independently of a patient's choices. docs/decisions/017
  const withheld = token.ofPatient ? findWithheldLabels(sensitive, token.labels) : [];
  return { token, grant: { ...toAccessGrant(token, scopes), familyId, withheld }, scope: printScopes(scopes) };
}

function toAccessGrant(row: ActiveTokenContext, scopes: readonly Scope[]): Omit<AccessGrant, 'withheld' | 'familyId'> {
  const { recordId, patientId, practiceId, fhirUser = '' } = row;
  const [type = '', id] = fhirUser.split('/');
  return {
    grantId: row.grantId,
    clientId: row.clientId,
    accountId: row.accountId,
    record:
      recordId === undefined || patientId === undefined || practiceId === undefined
        ? undefined
        : { recordId, patientId, practiceId },
    practices: row.practices as PracticeId[],
    scopes,
    apis: row.apis as FhirApi[],
    audience: row.audience,
    requestsPerMinute: row.requestsPerMinute,
    practiceEnabled: row.practiceEnabled,
    fhirUser: id === undefined ? undefined : { type, id },
  };
}
