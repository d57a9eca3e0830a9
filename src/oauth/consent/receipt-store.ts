import { type Executor, statement } from '../../database/index.ts';
import type { Language, PageBrand } from '../../i18n/index.ts';
import {
  type AccountId,
  type GrantId,
  later,
  type PracticeId,
  type Random,
  seconds,
  sha256,
  toSingleLine,
} from '../../kernel/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { ConsentChoices } from './grant-store.ts';
import { type ConsentAgreement, renderReceiptSubject, renderReceiptText } from './receipt-text.ts';
import { CONSENT_WORDING_VERSION } from './wording-version.ts';

const insertReceipt = statement(
  'oauth.receipt.insert',
  {},
  `insert into receipt (receipt_id, account_id, grant_id, family_id, at, wording, language, content, hash, browser, asked,
     unticked, duration, offline, form)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
);
const latestReceipt = statement(
  'oauth.receipt.latest',
  { receipt_id: 'uuid', hash: 'bytea', form: 'bytea?', at: 'timestamptz', ended: 'bool' },
  `select r.receipt_id, r.hash, r.form, r.at, f.revoked_at is not null as ended
   from receipt r join token_family f on f.family_id = r.family_id
   where r.grant_id = $1 order by r.at desc limit 1`,
);

const moveReceipt = statement('oauth.receipt.follow', {}, 'update receipt set family_id = $2 where receipt_id = $1');

export interface ReceiptEmail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly language: Language;
  readonly senderName: string;
  readonly practiceId: PracticeId;
  readonly contact: { readonly phone?: string | undefined; readonly email?: string | undefined };
  readonly reason: 'account';
  readonly replyTo?: string | undefined;
  /** Whether the email is about a fictional patient. Such an email never leaves the server. */
  readonly sandbox: boolean;
}

/** Functions of other modules that are needed to store and email a receipt. */
export interface ReceiptPorts {
  /** Returns the confirmed email address of the account. Undefined if it has none. */
  findEmail(tx: Executor, accountId: AccountId): Promise<string | undefined>;
  /** Queues an email that is sent only if the transaction commits. */
  readonly post: { queueInTransaction(tx: Executor, email: ReceiptEmail): Promise<void> };
}

export interface NewConsentReceipt {
  readonly agreement: ConsentAgreement;
  readonly accountId: AccountId;
  readonly familyId: string;
  /** Hash of the browser in which a shared sandbox account gave consent. Undefined for all other accounts. */
  readonly browser: Buffer | undefined;
  /** The person's choices, with which the next consent page starts. */
  readonly choice: ConsentChoices;
  /** Brand of the practice that the consent page displayed. */
  readonly brand: PageBrand;
  /** SHA-256 of the submitted form and the session, used to detect repeated submissions. */
  readonly form: Buffer;
}

/** The receipt of a form that the browser has submitted again. */
export interface RepeatedSubmission {
  readonly receiptId: string;
  readonly hash: Buffer;
}

/**
 * A form that is submitted again within this time is a double tap or a retry by the browser. The time is no longer than
 * an authorization code is valid.
 */
const REPEATED_WITHIN = seconds(LIFETIMES.code);

/**
 * Finds the receipt of an earlier submission of the same form, if it is recent and still the latest one of the grant.
 * The caller has locked the grant, so of two simultaneous submissions the second finds the receipt of the first.
 */
export async function findRepeatedSubmission(
  tx: Executor,
  { grantId, form, now }: { readonly grantId: GrantId; readonly form: Buffer; readonly now: Date },
): Promise<RepeatedSubmission | undefined> {
  const [last] = await tx.query(latestReceipt, [grantId]);
  if (last === undefined || last.ended || last.form === null || !last.form.equals(form)) return undefined;
  return last.at > later(now, -REPEATED_WITHIN) ? { receiptId: last.receipt_id, hash: last.hash } : undefined;
}

/**
 * Stores the receipt as the person reads it. Emails it to the confirmed address of the account, if there is one.
 * @returns SHA-256 of the receipt
 */
export async function storeReceipt(
  tx: Executor,
  deps: { readonly random: Random; readonly receipts: ReceiptPorts },
  receipt: NewConsentReceipt,
): Promise<Buffer> {
  const { agreement, accountId, familyId, browser = null, choice, form } = receipt;
  const content = renderReceiptText(agreement);
  const hash = sha256(content);
  const { grantId, at, language } = agreement;
  const { itemKeys, declinedKeys, duration, offline = null } = choice;
  const columns = [
    deps.random.uuid(),
    accountId,
    grantId,
    familyId,
    at,
    CONSENT_WORDING_VERSION,
    language,
    content,
    hash,
  ];
  await tx.query(insertReceipt, [...columns, browser, itemKeys, declinedKeys, duration, offline, form]);
  await queueReceiptEmail(tx, deps.receipts, receipt, content);
  return hash;
}

/**
 * Moves the receipt to the token family of the repeated submission, because the browser follows the redirect of that
 * submission only.
 */
export async function moveReceiptToFamily(
  tx: Executor,
  { receiptId }: RepeatedSubmission,
  familyId: string,
): Promise<void> {
  await tx.query(moveReceipt, [receiptId, familyId]);
}

async function queueReceiptEmail(
  tx: Executor,
  receipts: ReceiptPorts,
  { agreement, accountId, brand }: NewConsentReceipt,
  content: string,
): Promise<void> {
  const to = await receipts.findEmail(tx, accountId);
  if (to === undefined) return;
  await receipts.post.queueInTransaction(tx, {
    to,
    subject: toHeaderText(renderReceiptSubject(agreement)),
    text: content,
    language: agreement.language,
    senderName: toHeaderText(brand.name),
    practiceId: agreement.record.practiceId,
    contact: brand,
    reason: 'account',
    replyTo: brand.email,
    sandbox: agreement.record.practiceKind === 'sandbox',
  });
}

/**
 * Puts the untrusted name of an app or record on one line, so that it can't start another email header (RFC 5322 §2.2).
 */
const toHeaderText = (text: string): string => toSingleLine(text, MAX_HEADER_LENGTH);
const MAX_HEADER_LENGTH = 400;
