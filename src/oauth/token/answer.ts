import { hasNamed, parseScopes, printScopes, type Scope } from '../../access/index.ts';
import type { Clock } from '../../kernel/index.ts';
import type { Addresses } from '../addresses.ts';
import { type SigningKey, signJwt } from '../keys/signing-key.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { Client, ServedTypes } from '../ports.ts';
import { withoutDenied } from '../scopes.ts';
import type { Standing } from './store.ts';

/** RFC 6749 §5.1 with SMART App Launch 2.2 §2.0.12's `patient`, which every answer has: the bare id. */
export interface TokenAnswer {
  readonly access_token: string;
  readonly token_type: 'Bearer';
  /** Seconds. */
  readonly expires_in: number;
  readonly scope: string;
  readonly patient: string;
  readonly refresh_token?: string;
  readonly id_token?: string;
}

/** What an answer says of what stands behind its tokens. */
type Answered = Pick<Standing, 'accountId' | 'patientId' | 'refreshing' | 'nonce'>;

export interface AnswerDeps {
  readonly clock: Clock;
  readonly types: ServedTypes;
  readonly addresses: Addresses;
  readonly signingKey: SigningKey;
}

/** What is left of the granted scopes after what the patient denied since. */
export function scopesNow(standing: Pick<Standing, 'scope' | 'denied'>, types: ServedTypes): readonly Scope[] {
  return withoutDenied(parseScopes(standing.scope).scopes, standing.denied, types);
}

export function tokenAnswer(
  deps: AnswerDeps,
  client: Client,
  standing: Answered,
  tokens: { access: string; accessExpires: Date; refresh: string; scopes: readonly Scope[] },
): TokenAnswer {
  const { scopes } = tokens;
  return {
    access_token: tokens.access,
    token_type: 'Bearer',
    expires_in: Math.round((tokens.accessExpires.getTime() - deps.clock.now().getTime()) / 1000),
    scope: printScopes(scopes),
    patient: standing.patientId,
    ...(standing.refreshing ? { refresh_token: tokens.refresh } : {}),
    ...(hasNamed(scopes, 'openid') ? { id_token: idToken(deps, client, standing, scopes) } : {}),
  };
}

/** OpenID Connect Core §2; `fhirUser` is an absolute URL, SMART App Launch 2.2 §3.0.2.3. */
function idToken(deps: AnswerDeps, client: Client, standing: Answered, scopes: readonly Scope[]): string {
  const now = Math.floor(deps.clock.now().getTime() / 1000);
  const base = deps.addresses.fhir[client.apis.includes('r4') ? 'r4' : 'dstu2'];
  return signJwt(deps.signingKey, {
    iss: deps.addresses.issuer,
    sub: standing.accountId,
    aud: client.clientId,
    iat: now,
    exp: now + LIFETIMES.idToken,
    ...(standing.nonce === null ? {} : { nonce: standing.nonce }),
    ...(hasNamed(scopes, 'fhirUser') ? { fhirUser: `${base}/Patient/${standing.patientId}` } : {}),
  });
}
