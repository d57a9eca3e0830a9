import { printScopes } from '../../access/index.ts';
import type { Database, Executor } from '../../database/index.ts';
import type { AccessibleRecord, SessionUser } from '../../domain/index.ts';
import { type Clock, type GrantId, later, type Random, seconds } from '../../kernel/index.ts';
import type { OAuthAddresses } from '../addresses.ts';
import type { ConsentedScopes } from '../consent/consent-selection.ts';
import {
  type ConsentChoices,
  type GrantRestriction,
  restrictEarlierAccess,
  storeConsent,
  storeStaffGrant,
} from '../consent/grant-store.ts';
import {
  findRepeatedSubmission,
  moveReceiptToFamily,
  type NewConsentReceipt,
  type ReceiptPorts,
  storeReceipt,
} from '../consent/receipt-store.ts';
import type { ConsentAgreement } from '../consent/receipt-text.ts';
import { CONSENT_WORDING_VERSION } from '../consent/wording-version.ts';
import { consumeLaunch } from '../launch/launch-store.ts';
import { getAccessTerm, LIFETIMES, refreshTokenSeconds } from '../lifetimes.ts';
import type { OAuthAudit } from '../ports.ts';
import { mintToken, newFamilyId } from '../token/opaque-token.ts';
import { insertCodeAndFamily } from '../token/token-families.ts';
import { findAudienceApi } from './audience.ts';
import type { AuthorizationRequest } from './check-request.ts';
import { consumePushedRequest } from './pushed-request-store.ts';
import { RedirectableProblem } from './redirect-uri.ts';

export interface IssueCodeDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly audit: OAuthAudit;
  readonly receipts: ReceiptPorts;
  readonly addresses: OAuthAddresses;
}

/** An authorization that the person approved, with all data that the code and its tokens depend on. */
export interface ApprovedAuthorization {
  readonly authorization: AuthorizationRequest;
  readonly user: SessionUser;
  /** The patient record that the app may read. Undefined if a staff member opens the app without a patient. */
  readonly record: AccessibleRecord | undefined;
  readonly consented: ConsentedScopes;
  /** Keys of the sensitive security labels that the person checked. */
  readonly labels: readonly string[];
  /** Time at which access ends. Null means no end date. */
  readonly ends: Date | null;
  /** Permissions to remove from access that the app got earlier. Undefined if that access stays as it is. */
  readonly restriction: GrantRestriction | undefined;
  /** The consent receipt to store. Undefined for a staff member, who gets no receipt. */
  readonly receiptDraft: ConsentReceiptDraft | undefined;
}

/** A consent receipt without the data that is known only when it is stored, such as its time and grant. */
export interface ConsentReceiptDraft extends Pick<NewConsentReceipt, 'brand' | 'form'> {
  readonly agreement: Omit<ConsentAgreement, 'at' | 'scope' | 'grantId'>;
  readonly choice: ConsentChoices;
  /** Keys of the items that start unchecked on the next consent page: declined on this page or on an earlier one. */
  readonly declinedKeys: readonly string[];
}

/**
 * Issues the authorization code. One transaction writes grant, token family, code, receipt and audit event, and
 * consumes the launch or pushed request. Throws `RedirectableProblem` if the launch or pushed request was already used.
 * @returns the code
 */
export async function issueAuthorizationCode(
  deps: IssueCodeDeps,
  requestId: string,
  allowed: ApprovedAuthorization,
): Promise<string> {
  const { authorization, user, record, consented, labels, ends } = allowed;
  const { scopes } = consented;
  const now = deps.clock.now();
  const code = mintToken(deps.random, newFamilyId(deps.random));
  const online = getAccessTerm(scopes, authorization).kind === 'session';
  await deps.db.transaction(async (tx) => {
    await consumeLaunchAndPushedRequest(tx, allowed, now);
    const grantId = await storeGrant(tx, deps.random.uuid(), allowed, now);
    const created = { grantId, familyId: code.familyId, at: now };
    const detail = await applyRestrictionAndReceipt(tx, deps, allowed, created);
    await insertCodeAndFamily(tx, now, {
      code,
      expires: later(now, seconds(LIFETIMES.code)),
      grantId,
      recordId: record?.recordId,
      context: authorization.launch?.context ?? {},
      audience: findAudienceApi(authorization.client, authorization.parameters['aud'], deps.addresses),
      scope: printScopes(scopes),
      labels,
      browser: sharedAccountBrowser(user),
      refreshSeconds: refreshTokenSeconds(scopes, authorization),
      sessionId: online ? user.sessionId : null,
      authTime: user.signedInAt,
      ends,
      redirectUri: authorization.redirect,
      challenge: authorization.challenge ?? null,
      nonce: authorization.nonce ?? null,
      jkt: authorization.dpopJkt ?? null,
    });
    await deps.audit.appendInTransaction(tx, {
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

/**
 * Returns the hash that identifies the browser in which a shared sandbox account allowed access. Undefined for all
 * other accounts.
 */
const sharedAccountBrowser = ({ published, browser }: SessionUser): Buffer | undefined =>
  published ? browser : undefined;

/** Ids of the new grant and token family, and the time of the decision. */
interface CreatedAuthorization {
  readonly grantId: GrantId;
  readonly familyId: string;
  readonly at: Date;
}

/**
 * Restricts earlier access and stores the receipt. If the same form was submitted before, does neither, and moves the
 * existing receipt to the new token family.
 * @returns detail for the audit log
 */
async function applyRestrictionAndReceipt(
  tx: Executor,
  deps: IssueCodeDeps,
  allowed: ApprovedAuthorization,
  made: CreatedAuthorization,
): Promise<Readonly<Record<string, unknown>>> {
  const { user, consented, labels, ends, restriction, receiptDraft } = allowed;
  const { grantId, familyId, at } = made;
  const repeated = receiptDraft && (await findRepeatedSubmission(tx, { grantId, form: receiptDraft.form, now: at }));
  if (repeated !== undefined) {
    await moveReceiptToFamily(tx, repeated, familyId);
    return { repeated: true, receipt: repeated.hash.toString('hex') };
  }
  const browser = sharedAccountBrowser(user);
  if (restriction !== undefined && (!user.published || browser !== undefined))
    await restrictEarlierAccess(tx, { grantId, browser }, { ...restriction, ends, now: at });
  const receipt = receiptDraft && (await storeReceiptDraft(tx, deps, allowed, { ...made, receiptDraft }));
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

/** Stores the receipt. Returns the hash of the receipt and the version of its wording, for the audit log. */
async function storeReceiptDraft(
  tx: Executor,
  deps: IssueCodeDeps,
  { consented, user }: ApprovedAuthorization,
  { receiptDraft, grantId, familyId, at }: CreatedAuthorization & { readonly receiptDraft: ConsentReceiptDraft },
): Promise<{ readonly wording: string; readonly receipt: string }> {
  const { agreement, choice, declinedKeys, brand, form } = receiptDraft;
  const hash = await storeReceipt(tx, deps, {
    agreement: { ...agreement, at, scope: printScopes(consented.scopes), grantId },
    accountId: user.accountId,
    familyId,
    browser: sharedAccountBrowser(user),
    choice: { ...choice, declinedKeys },
    brand,
    form,
  });
  return { wording: CONSENT_WORDING_VERSION, receipt: hash.toString('hex') };
}

async function storeGrant(tx: Executor, grantId: string, allowed: ApprovedAuthorization, now: Date): Promise<GrantId> {
  const { authorization, user, record, receiptDraft } = allowed;
  const { accountId } = user;
  const { clientId, kind } = authorization.client;
  if (kind === 'staff') return storeStaffGrant(tx, { accountId, clientId }, { grantId, now });
  if (record === undefined || receiptDraft === undefined) throw new Error('a patient shares a record');
  return storeConsent(tx, { accountId, clientId, recordId: record.recordId }, { ...receiptDraft.choice, grantId, now });
}

/** Marks the launch and the pushed request as used. Each is valid for one authorization code. */
async function consumeLaunchAndPushedRequest(
  tx: Executor,
  { authorization: { launch, pushed, redirect, state }, user }: ApprovedAuthorization,
  now: Date,
): Promise<void> {
  const reject = (message: string): never => {
    throw new RedirectableProblem(redirect, state, 'invalid_request', message);
  };
  if (launch !== undefined && !(await consumeLaunch(tx, launch.hash, now)))
    reject('This launch was already used. Launch the app again.');
  if (pushed !== undefined && !(await consumePushedRequest(tx, pushed, now, user.sessionId)))
    reject('This pushed request was already used. Push a new one.');
}
