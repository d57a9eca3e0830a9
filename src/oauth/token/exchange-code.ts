import type { Database } from '../../database/index.ts';
import { later, Problem, type Random, seconds, sha256 } from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { Parameters } from '../parameters.ts';
import type { Client, OAuthAudit } from '../ports.ts';
import { type AnswerDeps, scopesNow, type TokenAnswer, tokenAnswer } from './answer.ts';
import { consumeCode, endFamily, findToken, type Minted, type Subject, subjectOf } from './store.ts';
import { mintToken, parseToken, type TokenText } from './token-text.ts';

export interface GrantDeps extends AnswerDeps {
  readonly db: Database;
  readonly random: Random;
  readonly audit: OAuthAudit;
}

/** `grant_type=authorization_code`. RFC 6749 §4.1.3, RFC 7636 §4.6 */
export async function exchangeCode(
  deps: GrantDeps,
  client: Client,
  parameters: Parameters,
  requestId: string,
): Promise<TokenAnswer> {
  const code = parseToken(required(parameters, 'code'));
  const redirectUri = required(parameters, 'redirect_uri');
  const challenge = challengeOf(parameters['code_verifier']);
  if (code === undefined) throw invalidGrant('This is no code of this server.');

  const now = deps.clock.now();
  const minted = mintPair(deps, code.familyId, null);
  const standing = await consumeCode(deps.db, now, { code, clientId: client.clientId, redirectUri, challenge }, minted);
  if (standing === undefined) {
    throw await explain(deps, client, { code, redirectUri, challenge });
  }
  await deps.audit.record({
    kind: 'token',
    outcome: 'success',
    requestId,
    ...subjectOf(standing),
    detail: { grant: 'code' },
  });
  const scopes = scopesNow(standing, deps.types);
  return tokenAnswer(deps, client, standing, { ...texts(minted), scopes });
}

export function mintPair(deps: Pick<GrantDeps, 'random' | 'clock'>, familyId: string, scope: string | null): Minted {
  return {
    access: mintToken(deps.random, familyId),
    accessExpires: later(deps.clock.now(), seconds(LIFETIMES.access)),
    refresh: mintToken(deps.random, familyId),
    scope,
  };
}

export const texts = (minted: Minted) => ({
  access: minted.access.text,
  accessExpires: minted.accessExpires,
  refresh: minted.refresh.text,
});

/** RFC 7636 §4.2, S256; a verifier of the wrong shape can't match. */
function challengeOf(verifier: string | undefined): string | null {
  if (verifier === undefined) return null;
  if (!/^[\w.~-]{43,128}$/.test(verifier)) {
    throw invalidGrant('code_verifier must have 43 to 128 letters, digits or - . _ ~ characters.');
  }
  return sha256(verifier).toString('base64url');
}

interface Presented {
  readonly code: TokenText;
  readonly redirectUri: string;
  readonly challenge: string | null;
}

/** Says why a code was refused. A code that was used already ends all that came of it: RFC 6749 §4.1.2. */
async function explain(deps: GrantDeps, client: Client, { code, redirectUri, challenge }: Presented): Promise<Problem> {
  const now = deps.clock.now();
  const found = await findToken(deps.db, now, code);
  if (found === undefined || found.kind !== 'code' || found.clientId !== client.clientId) {
    return invalidGrant('This code was not issued to this app.');
  }
  if (found.usedAt !== null) {
    await endFamily(deps.db, now, code.familyId, 'code used twice');
    return refused(found, USED_TWICE);
  }
  if (found.expiresAt <= now)
    return refused(found, `This code has expired: a code is good for ${LIFETIMES.code} seconds.`);
  if (found.redirectUri !== redirectUri) return refused(found, OTHER_REDIRECT);
  if (found.challenge !== challenge) return refused(found, pkceMismatch(found.challenge, challenge));
  return refused(found, 'The patient ended this access, or the app may no longer reach this record.');
}

const USED_TWICE =
  'This code was used before. All tokens that came of it have ended; send the patient through authorize again.';
const OTHER_REDIRECT =
  'redirect_uri is not the one that the code was asked for with. Send the same, letter for letter.';

function pkceMismatch(expected: string | null, sent: string | null): string {
  if (expected === null) return 'code_verifier was sent, but authorize was asked without a code_challenge.';
  if (sent === null) return 'code_verifier is missing: authorize was asked with a code_challenge.';
  return 'code_verifier does not match the code_challenge that authorize was asked with.';
}

export function required(parameters: Parameters, name: string): string {
  const value = parameters[name];
  if (value !== undefined) return value;
  throw new Problem('invalid_request', { status: 400, message: `${name} is missing.` });
}

/** A refusal of a token that is known: the trail says whose it was. */
export class RefusedGrant extends Problem {
  readonly subject: Subject;

  constructor(subject: Subject, message: string) {
    super('invalid_grant', { status: 400, message });
    this.subject = subject;
  }
}

export const refused = (found: Subject, message: string): Problem => new RefusedGrant(subjectOf(found), message);

export const invalidGrant = (message: string): Problem => new Problem('invalid_grant', { status: 400, message });
