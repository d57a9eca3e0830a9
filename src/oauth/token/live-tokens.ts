import { type Api, type Grant, printScopes, type Scope, type SecurityLabel, withheldOf } from '../../access/index.ts';
import type { Executor } from '../../database/index.ts';
import { type Clock, type PracticeId, recent } from '../../kernel/index.ts';
import type { ServedTypes } from '../ports.ts';
import { scopesNow } from './answer.ts';
import { findGood, type GoodToken } from './find.ts';
import { parseToken } from './token-text.ts';

/** An active access token with the grant that it represents. */
export interface LiveToken {
  readonly token: GoodToken;
  readonly grant: Grant;
  /** The current scopes as text. */
  readonly scope: string;
}

/** Cache of access tokens. Entries live for at most a second, so an ended token may still be accepted for that long. */
export interface LiveTokens {
  /**
   * Returns undefined when the token isn't active. If the database can't be reached, the error is thrown and no token
   * is accepted.
   */
  find(text: string): Promise<LiveToken | undefined>;
  /** Drops a token that this process has just ended. */
  forget(text: string): void;
  forgetFamily(familyId: string): void;
}

export interface LiveTokensDeps {
  readonly db: Executor;
  readonly clock: Clock;
  readonly types: ServedTypes;
  /** Security labels that need the patient's separate permission. None by default. */
  readonly sensitive?: readonly SecurityLabel[];
}

/** Creates the cache of access tokens for this process. */
export function openLiveTokens({ db, clock, types, sensitive = [] }: LiveTokensDeps): LiveTokens {
  const cache = recent(clock, async (text) => {
    const token = parseToken(text);
    const found = token === undefined ? undefined : await findGood(db, clock.now(), token, 'access');
    if (token === undefined || found === undefined) return undefined;
    return liveToken(token.familyId, found, types, sensitive);
  });
  return {
    async find(text) {
      const found = await cache.find(text);
      return found !== undefined && clock.now() < found.token.expiresAt ? found : undefined;
    },
    forget: (text) => cache.forget((key) => key === text),
    forgetFamily: (familyId) => cache.forget((key) => key.startsWith(`${familyId}.`)),
  };
}

function liveToken(
  familyId: string,
  token: GoodToken,
  types: ServedTypes,
  sensitive: readonly SecurityLabel[],
): LiveToken {
  const scopes = scopesNow(token, types);
  // Staff and backend apps read at their practices independently of a patient's choices. docs/decisions/017
  const withheld = token.ofPatient ? withheldOf(sensitive, token.labels) : [];
  return { token, grant: { ...grantOf(token, scopes), familyId, withheld }, scope: printScopes(scopes) };
}

function grantOf(row: GoodToken, scopes: readonly Scope[]): Omit<Grant, 'withheld' | 'familyId'> {
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
    apis: row.apis as Api[],
    audience: row.audience,
    practiceEnabled: row.practiceEnabled,
    fhirUser: id === undefined ? undefined : { type, id },
  };
}
