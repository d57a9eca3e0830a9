import { hasNamed, printScopes } from '../../access/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import { type Clock, type GrantId, later, type Random, seconds } from '../../kernel/index.ts';
import type { Consented } from '../consent/lines.ts';
import { keepConsent, keepStaffGrant, takeFromEarlier } from '../consent/store.ts';
import { useLaunch } from '../launch/store.ts';
import { LIFETIMES, refreshSeconds } from '../lifetimes.ts';
import { usePushed } from '../par/store.ts';
import type { OAuthAudit, ShareableRecord, Visitor } from '../ports.ts';
import { insertCodeAndFamily } from '../token/families.ts';
import { mintToken, newFamilyId } from '../token/token-text.ts';
import type { AuthorizationRequest } from './pipeline.ts';
import { RedirectableProblem } from './redirect.ts';

export interface GrantingDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: OAuthAudit;
}

/** What a person allowed. */
export interface Allowed {
  readonly asked: AuthorizationRequest;
  readonly visitor: Visitor;
  /** undefined: a member of staff opens the app without a patient. */
  readonly record: ShareableRecord | undefined;
  readonly consented: Consented;
  /** null: until it is stopped. */
  readonly ends: Date | null;
  /** What is taken from what the app was allowed before, too: types, categories, `offline_access`; undefined: nothing. */
  readonly taken: readonly string[] | undefined;
}

/** Grant, family, code and audit, and the launch or pushed request that is used up: one transaction. */
export async function giveCode(deps: GrantingDeps, requestId: string, allowed: Allowed): Promise<string> {
  const { asked, visitor, record, consented, ends, taken } = allowed;
  const { scopes, denied } = consented;
  const now = deps.clock.now();
  const code = mintToken(deps.random, newFamilyId(deps.random));
  const online = !hasNamed(scopes, 'offline_access') && hasNamed(scopes, 'online_access') && !asked.guide;
  await deps.db.transaction(async (tx) => {
    await useUp(tx, allowed, now);
    const grantId = await keepGrant(tx, deps.random.uuid(), allowed, now);
    if (taken !== undefined) await takeFromEarlier(tx, grantId, { denied: taken, ends, now });
    await insertCodeAndFamily(tx, now, {
      code,
      expires: later(now, seconds(LIFETIMES.code)),
      grantId,
      recordId: record?.recordId,
      context: asked.launch?.context ?? {},
      scope: printScopes(scopes),
      refreshSeconds: refreshSeconds(scopes, asked.guide),
      sessionId: online ? visitor.sessionId : null,
      authTime: visitor.signedInAt,
      ends,
      redirectUri: asked.redirect,
      challenge: asked.challenge ?? null,
      nonce: asked.nonce ?? null,
      jkt: asked.dpopJkt ?? null,
    });
    await deps.audit.recordWithin(tx, {
      kind: 'consent',
      outcome: 'success',
      requestId,
      accountId: visitor.accountId,
      clientId: asked.client.clientId,
      recordId: record?.recordId,
      grantId,
      detail: { scope: printScopes(scopes), denied, ends: ends?.toISOString() ?? null, taken },
    });
  });
  return code.text;
}

async function keepGrant(tx: Executor, grantId: string, allowed: Allowed, now: Date): Promise<GrantId> {
  const { asked, visitor, record, consented } = allowed;
  const { accountId } = visitor;
  const { clientId, kind } = asked.client;
  if (kind === 'staff') return keepStaffGrant(tx, { accountId, clientId }, { grantId, now });
  if (record === undefined) throw new Error('a patient shares a record');
  const { shown, denied } = consented;
  return keepConsent(tx, { accountId, clientId, recordId: record.recordId }, { grantId, shown, denied, now });
}

/** Each is good for one code. */
async function useUp(
  tx: Executor,
  { asked: { launch, pushed, redirect, state }, visitor }: Allowed,
  now: Date,
): Promise<void> {
  const refuse = (message: string): never => {
    throw new RedirectableProblem(redirect, state, 'invalid_request', message);
  };
  if (launch !== undefined && !(await useLaunch(tx, launch.hash, now)))
    refuse('This launch was used before. Launch the app anew.');
  if (pushed !== undefined && !(await usePushed(tx, pushed, now, visitor.sessionId)))
    refuse('This pushed request was used before. Push it anew.');
}
