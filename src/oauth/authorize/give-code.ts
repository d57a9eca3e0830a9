import { printScopes } from '../../access/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import { type Clock, type GrantId, later, type Random, seconds } from '../../kernel/index.ts';
import type { Addresses } from '../addresses.ts';
import { findRepeated, followReceipt, keepReceipt, type NewReceipt } from '../consent/keep-receipt.ts';
import type { Consented } from '../consent/lines.ts';
import type { Agreement } from '../consent/receipt.ts';
import { type Choice, keepConsent, keepStaffGrant, type Taken, takeFromEarlier } from '../consent/store.ts';
import { WORDING } from '../consent/wording.ts';
import { useLaunch } from '../launch/store.ts';
import { accessTerm, LIFETIMES, refreshSeconds } from '../lifetimes.ts';
import { usePushed } from '../par/store.ts';
import type { OAuthAudit, Receipts, ShareableRecord, Visitor } from '../ports.ts';
import { insertCodeAndFamily } from '../token/families.ts';
import { mintToken, newFamilyId } from '../token/token-text.ts';
import { audienceOf } from './audience.ts';
import type { AuthorizationRequest } from './pipeline.ts';
import { RedirectableProblem } from './redirect.ts';

export interface GrantingDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: OAuthAudit;
  readonly receipts: Receipts;
  readonly addresses: Addresses;
}

/** Everything that the authorization code stands for. */
export interface Allowed {
  readonly authorization: AuthorizationRequest;
  readonly user: Visitor;
  /** Undefined when a staff member opens the app without a patient. */
  readonly record: ShareableRecord | undefined;
  readonly consented: Consented;
  /** Keys of the checked sensitive labels. */
  readonly labels: readonly string[];
  /** Null means no end date. */
  readonly ends: Date | null;
  /** Reduction that also applies to access allowed before. Undefined when earlier access stays as it is. */
  readonly taken: Taken | undefined;
  /** Undefined for a staff member, who gets no receipt. */
  readonly receiptDraft: Agreed | undefined;
}

/** Receipt data except what is only known when it is stored. */
export interface Agreed extends Pick<NewReceipt, 'brand' | 'form'> {
  readonly agreement: Omit<Agreement, 'at' | 'scope' | 'grantId'>;
  readonly choice: Choice;
  /** Keys to start the next consent page from, including those declined on earlier pages. */
  readonly unticked: readonly string[];
}

/**
 * Issues the authorization code. One transaction writes grant, token family, code, receipt and audit event, and
 * consumes the launch or pushed request. Throws `RedirectableProblem` when launch or pushed request was already used.
 * @returns the code
 */
export async function giveCode(deps: GrantingDeps, requestId: string, allowed: Allowed): Promise<string> {
  const { authorization, user, record, consented, labels, ends } = allowed;
  const { scopes } = consented;
  const now = deps.clock.now();
  const code = mintToken(deps.random, newFamilyId(deps.random));
  const online = accessTerm(scopes, authorization).kind === 'session';
  await deps.db.transaction(async (tx) => {
    await useUp(tx, allowed, now);
    const grantId = await keepGrant(tx, deps.random.uuid(), allowed, now);
    const created = { grantId, familyId: code.familyId, at: now };
    const detail = await agree(tx, deps, allowed, created);
    await insertCodeAndFamily(tx, now, {
      code,
      expires: later(now, seconds(LIFETIMES.code)),
      grantId,
      recordId: record?.recordId,
      context: authorization.launch?.context ?? {},
      audience: audienceOf(authorization.client, authorization.parameters['aud'], deps.addresses),
      scope: printScopes(scopes),
      labels,
      browser: browserOf(user),
      refreshSeconds: refreshSeconds(scopes, authorization),
      sessionId: online ? user.sessionId : null,
      authTime: user.signedInAt,
      ends,
      redirectUri: authorization.redirect,
      challenge: authorization.challenge ?? null,
      nonce: authorization.nonce ?? null,
      jkt: authorization.dpopJkt ?? null,
    });
    await deps.audit.recordWithin(tx, {
      kind: 'consent',
      outcome: 'success',
      requestId,
      accountId: user.accountId,
      clientId: authorization.client.clientId,
      recordId: record?.recordId,
      grantId,
      detail,
    });
  });
  return code.text;
}

/** For shared sandbox accounts: the browser in which access was allowed. */
const browserOf = ({ published, browser }: Visitor): Buffer | undefined => (published ? browser : undefined);

/** Ids and time of what the transaction creates. */
interface Made {
  readonly grantId: GrantId;
  readonly familyId: string;
  readonly at: Date;
}

/**
 * Restricts earlier access and stores the receipt. A form that was submitted twice does neither a second time.
 * @returns detail for the audit log
 */
async function agree(
  tx: Executor,
  deps: GrantingDeps,
  allowed: Allowed,
  made: Made,
): Promise<Readonly<Record<string, unknown>>> {
  const { user, consented, labels, ends, taken: restriction, receiptDraft } = allowed;
  const { grantId, familyId, at } = made;
  const repeated = receiptDraft && (await findRepeated(tx, { grantId, form: receiptDraft.form, now: at }));
  if (repeated !== undefined) {
    await followReceipt(tx, repeated, familyId);
    return { repeated: true, receipt: repeated.hash.toString('hex') };
  }
  const browser = browserOf(user);
  if (restriction !== undefined && (!user.published || browser !== undefined))
    await takeFromEarlier(tx, { grantId, browser }, { ...restriction, ends, now: at });
  const receipt = receiptDraft && (await keptReceipt(tx, deps, allowed, { ...made, receiptDraft }));
  const { scopes, denied } = consented;
  return {
    scope: printScopes(scopes),
    denied,
    labels,
    ends: ends?.toISOString() ?? null,
    taken: restriction,
    ...receipt,
  };
}

/** Stores the receipt and returns its hash and wording version for the audit log. */
async function keptReceipt(
  tx: Executor,
  deps: GrantingDeps,
  { consented, user }: Allowed,
  { receiptDraft, grantId, familyId, at }: Made & { readonly receiptDraft: Agreed },
): Promise<{ readonly wording: string; readonly receipt: string }> {
  const { agreement, choice, unticked, brand, form } = receiptDraft;
  const hash = await keepReceipt(tx, deps, {
    agreement: { ...agreement, at, scope: printScopes(consented.scopes), grantId },
    accountId: user.accountId,
    familyId,
    browser: browserOf(user),
    choice: { ...choice, unticked },
    brand,
    form,
  });
  return { wording: WORDING, receipt: hash.toString('hex') };
}

async function keepGrant(tx: Executor, grantId: string, allowed: Allowed, now: Date): Promise<GrantId> {
  const { authorization, user, record, receiptDraft } = allowed;
  const { accountId } = user;
  const { clientId, kind } = authorization.client;
  if (kind === 'staff') return keepStaffGrant(tx, { accountId, clientId }, { grantId, now });
  if (record === undefined || receiptDraft === undefined) throw new Error('a patient shares a record');
  return keepConsent(tx, { accountId, clientId, recordId: record.recordId }, { ...receiptDraft.choice, grantId, now });
}

/** Consumes launch and pushed request. Each is valid for one code. */
async function useUp(
  tx: Executor,
  { authorization: { launch, pushed, redirect, state }, user }: Allowed,
  now: Date,
): Promise<void> {
  const reject = (message: string): never => {
    throw new RedirectableProblem(redirect, state, 'invalid_request', message);
  };
  if (launch !== undefined && !(await useLaunch(tx, launch.hash, now)))
    reject('This launch was used before. Launch the app anew.');
  if (pushed !== undefined && !(await usePushed(tx, pushed, now, user.sessionId)))
    reject('This pushed request was used before. Push it anew.');
}
