import type { Executor } from '../../database/index.ts';
import { days, later } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { type By, type Chart, type CodeWay, EnrollmentFault } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { AT_ONCE } from './at-once.ts';
import { codeHash, sixDigits } from './codes.ts';
import { lastDay } from './last-day.ts';
import { mailCode } from './mails.ts';
import { isYoung, othersEmails } from './rules.ts';
import { settleRecord, usesOf } from './standing.ts';
import { findInvitation, keepCode, type StoredInvitation } from './store.ts';

/** Time to get home, find the letter and use it. */
const GOOD_FOR = days(7);

/**
 * Creates a verification code that replaces the previous one.
 * @returns the code to tell the patient; `undefined` if it was emailed
 */
export async function giveCodeWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  { invitationId, way }: { readonly invitationId: string; readonly way: CodeWay },
): Promise<string | undefined> {
  const now = deps.clock.now();
  const { invitation, chart } = await lockInvitation(tx, invitationId, now);
  const to = way === 'contact' ? await contactFor(tx, chart, invitation, now) : undefined;
  if (typeof to === 'object') throw new EnrollmentFault(to.rejection);
  if (to !== undefined && isJustMailed(invitation, now)) return undefined;
  const code = sixDigits(deps.random);
  const expiresAt = later(now, GOOD_FOR);
  const stored = await keepCode(tx, { invitationId, hash: codeHash(invitationId, code), way, now, expiresAt });
  if (!stored) throw new EnrollmentFault('over');
  if (to !== undefined) {
    const { language } = invitation;
    await mailCode(tx, deps, chart, { to, language, code, lastDay: lastDay(expiresAt, now) });
  }
  await deps.audit.recordWithin(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId: invitation.recordId,
    detail: { action: 'give-code', way },
  });
  return to === undefined ? code : undefined;
}

/** Returns the address that a code by `contact` would go to; `undefined` if there is none. */
export async function codeContact(db: Executor, invitationId: string, now: Date): Promise<string | undefined> {
  const invitation = await findInvitation(db, invitationId, now);
  const chart = invitation && (await readChart(db, invitation.recordId, now));
  if (invitation === undefined || chart === undefined) return undefined;
  const to = await contactFor(db, chart, invitation, now);
  return typeof to === 'string' ? to : undefined;
}

/**
 * Locks the record's enrollment until the transaction ends and returns its open invitation. Throws `EnrollmentError` if
 * it is no longer open.
 */
async function lockInvitation(tx: Executor, invitationId: string, now: Date) {
  const unlocked = await findInvitation(tx, invitationId, now);
  if (unlocked !== undefined) await settleRecord(tx, unlocked.recordId);
  const invitation = await findInvitation(tx, invitationId, now);
  if (invitation?.state !== 'open') throw new EnrollmentFault('over');
  const chart = await readChart(tx, invitation.recordId, now);
  if (chart === undefined) throw new EnrollmentFault('chart-incomplete');
  return { invitation, chart };
}

/**
 * Tells whether a code was emailed within the last seconds, that is, the form was submitted twice: two emails with two
 * codes would confuse the recipient.
 */
const isJustMailed = ({ codeBy, codeExpiresAt }: StoredInvitation, now: Date): boolean =>
  codeBy === 'contact' && codeExpiresAt !== undefined && codeExpiresAt > later(now, GOOD_FOR - AT_ONCE);

/** Returns an address in the chart that the invitation was not sent to, so that reading one mailbox isn't enough. */
async function contactFor(
  tx: Executor,
  chart: Chart,
  { kind, email, relatedPersonId }: StoredInvitation,
  now: Date,
): Promise<string | { readonly rejection: 'no-contact' | 'address-is-invitation' }> {
  const person = chart.relatedPersons.find(({ id }) => id === relatedPersonId);
  const candidates =
    kind === 'patient' ? await ownEmails(tx, chart, now) : [...(person?.emails ?? []), ...chart.emails];
  const other = candidates.find((one) => one !== email);
  return other ?? { rejection: candidates.length === 0 ? 'no-contact' : 'address-is-invitation' };
}

/**
 * Addresses that are the patient's own. The chart of a patient of 12 to 17 may list a guardian's address as the
 * patient's; no code goes there.
 */
async function ownEmails(tx: Executor, chart: Chart, now: Date): Promise<readonly string[]> {
  if (!isYoung(chart)) return chart.emails;
  const own: string[] = [];
  for (const email of chart.emails.filter((one) => !othersEmails(chart).includes(one))) {
    const { account } = await usesOf(tx, { email, chart, now });
    if (account?.relation !== 'representative') own.push(email);
  }
  return own;
}
