import { type Executor, statement } from '../../database/index.ts';
import { type AccountId, type GrantId, later, plainLine, type Random, seconds, sha256 } from '../../kernel/index.ts';
import { type Brand, wordsIn } from '../../words/index.ts';
import { LIFETIMES } from '../lifetimes.ts';
import type { Receipts } from '../ports.ts';
import { type Agreement, receiptSubject, receiptText } from './receipt.ts';
import type { Choice } from './store.ts';
import { WORDING } from './wording.ts';

const insert = statement(
  'oauth.receipt.insert',
  {},
  `insert into receipt (receipt_id, account_id, grant_id, family_id, at, wording, language, content, hash, browser, asked,
     unticked, duration, offline, form)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
);
const latest = statement(
  'oauth.receipt.latest',
  { receipt_id: 'uuid', hash: 'bytea', form: 'bytea?', at: 'timestamptz', ended: 'bool' },
  `select r.receipt_id, r.hash, r.form, r.at, f.revoked_at is not null as ended
   from receipt r join token_family f on f.family_id = r.family_id
   where r.grant_id = $1 order by r.at desc limit 1`,
);

const follow = statement('oauth.receipt.follow', {}, 'update receipt set family_id = $2 where receipt_id = $1');

export interface NewReceipt {
  readonly agreement: Agreement;
  readonly accountId: AccountId;
  readonly familyId: string;
  /** For shared sandbox accounts: hash of the browser in which consent was given. */
  readonly browser: Buffer | undefined;
  /** Starting point of the next consent page. */
  readonly choice: Choice;
  /** Brand of the practice whose page it was. */
  readonly brand: Brand;
  /** SHA-256 of the submitted form and the session, used to detect repeated submissions. */
  readonly form: Buffer;
}

/** Receipt of a form that was submitted again. */
export interface Repeated {
  readonly receiptId: string;
  readonly hash: Buffer;
}

/** A double tap, or a retry by the browser: no longer than a code is valid. */
const REPEATED_WITHIN = seconds(LIFETIMES.code);

/**
 * Finds the receipt of an earlier submission of the same form, if it is recent and still the latest one of the grant.
 * The caller has locked the grant, so of two simultaneous submissions the second finds the receipt of the first.
 */
export async function findRepeated(
  tx: Executor,
  { grantId, form, now }: { readonly grantId: GrantId; readonly form: Buffer; readonly now: Date },
): Promise<Repeated | undefined> {
  const [last] = await tx.query(latest, [grantId]);
  if (last === undefined || last.ended || last.form === null || !last.form.equals(form)) return undefined;
  return last.at > later(now, -REPEATED_WITHIN) ? { receiptId: last.receipt_id, hash: last.hash } : undefined;
}

/**
 * Stores the receipt as the person reads it, and emails it to the account's confirmed address, if there is one.
 * @returns SHA-256 of the receipt
 */
export async function keepReceipt(
  tx: Executor,
  deps: { readonly random: Random; readonly receipts: Receipts },
  receipt: NewReceipt,
): Promise<Buffer> {
  const { agreement, accountId, familyId, browser = null, choice, form } = receipt;
  const content = receiptText(agreement);
  const hash = sha256(content);
  const { grantId, at, language } = agreement;
  const { asked, unticked, duration, offline = null } = choice;
  const columns = [deps.random.uuid(), accountId, grantId, familyId, at, WORDING, language, content, hash];
  await tx.query(insert, [...columns, browser, asked, unticked, duration, offline, form]);
  await mail(tx, deps.receipts, receipt, content);
  return hash;
}

/**
 * Moves the receipt to the token family of the repeated submission, because the browser follows only the last redirect.
 */
export async function followReceipt(tx: Executor, { receiptId }: Repeated, familyId: string): Promise<void> {
  await tx.query(follow, [receiptId, familyId]);
}

async function mail(
  tx: Executor,
  receipts: Receipts,
  { agreement, accountId, brand }: NewReceipt,
  content: string,
): Promise<void> {
  const to = await receipts.emailOf(tx, accountId);
  if (to === undefined) return;
  await receipts.queueWithin(tx, {
    to,
    subject: forHeader(receiptSubject(agreement)),
    text: `${content}\n-- \n${wordsIn(agreement.language).mail.signature(brand.name)}\n`,
    senderName: forHeader(brand.name),
    replyTo: brand.email,
    sandbox: agreement.record.practiceKind === 'sandbox',
  });
}

/** App and record names are untrusted. This keeps them from starting another header (RFC 5322 §2.2). */
const forHeader = (text: string): string => plainLine(text, LONGEST_HEADER);
const LONGEST_HEADER = 400;
