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

/** Time to get home, find the letter and sit down to it. */
const GOOD_FOR = days(7);

/** A new code in place of the one before. @returns it, to be told; undefined: it was mailed */
export async function giveCodeWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  { invitationId, way }: { readonly invitationId: string; readonly way: CodeWay },
): Promise<string | undefined> {
  const now = deps.clock.now();
  const { invitation, chart } = await settled(tx, invitationId, now);
  const to = way === 'contact' ? await contactFor(tx, chart, invitation, now) : undefined;
  if (typeof to === 'object') throw new EnrollmentFault(to.refusal);
  if (to !== undefined && isJustMailed(invitation, now)) return undefined;
  const code = sixDigits(deps.random);
  const expiresAt = later(now, GOOD_FOR);
  const kept = await keepCode(tx, { invitationId, hash: codeHash(invitationId, code), way, now, expiresAt });
  if (!kept) throw new EnrollmentFault('over');
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

/** The address that a code by `contact` would go to; undefined: there is none. */
export async function codeContact(db: Executor, invitationId: string, now: Date): Promise<string | undefined> {
  const invitation = await findInvitation(db, invitationId, now);
  const chart = invitation && (await readChart(db, invitation.recordId, now));
  if (invitation === undefined || chart === undefined) return undefined;
  const to = await contactFor(db, chart, invitation, now);
  return typeof to === 'string' ? to : undefined;
}

/** Nobody else settles anything about the record until the transaction ends. */
async function settled(tx: Executor, invitationId: string, now: Date) {
  const known = await findInvitation(tx, invitationId, now);
  if (known !== undefined) await settleRecord(tx, known.recordId);
  const invitation = await findInvitation(tx, invitationId, now);
  if (invitation?.state !== 'open') throw new EnrollmentFault('over');
  const chart = await readChart(tx, invitation.recordId, now);
  if (chart === undefined) throw new EnrollmentFault('chart-incomplete');
  return { invitation, chart };
}

/** The form came twice: two mails with two codes would leave somebody with the wrong one. */
const isJustMailed = ({ codeBy, codeExpiresAt }: StoredInvitation, now: Date): boolean =>
  codeBy === 'contact' && codeExpiresAt !== undefined && codeExpiresAt > later(now, GOOD_FOR - AT_ONCE);

/** An address on the chart that the invitation did not go to: whoever reads the one may read no other. */
async function contactFor(
  tx: Executor,
  chart: Chart,
  { kind, email, relatedPersonId }: StoredInvitation,
  now: Date,
): Promise<string | { readonly refusal: 'no-contact' | 'address-is-invitation' }> {
  const person = chart.relatedPersons.find(({ id }) => id === relatedPersonId);
  const known = kind === 'patient' ? await ownEmails(tx, chart, now) : [...(person?.emails ?? []), ...chart.emails];
  const other = known.find((one) => one !== email);
  return other ?? { refusal: known.length === 0 ? 'no-contact' : 'address-is-invitation' };
}

/** Of a patient of 12 to 17 the chart may have a guardian's address as if it were theirs: no code of theirs goes there. */
async function ownEmails(tx: Executor, chart: Chart, now: Date): Promise<readonly string[]> {
  if (!isYoung(chart)) return chart.emails;
  const own: string[] = [];
  for (const email of chart.emails.filter((one) => !othersEmails(chart).includes(one))) {
    const { account } = await usesOf(tx, { email, chart, now });
    if (account?.relation !== 'representative') own.push(email);
  }
  return own;
}
