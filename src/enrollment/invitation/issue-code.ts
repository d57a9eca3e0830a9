import type { Executor } from '../../database/index.ts';
import { days, later } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import { type CodeChannel, type EnrollmentActor, EnrollmentError, type PatientChart } from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { generateVerificationCode, hashVerificationCode } from './codes.ts';
import { findEmailUses, lockRecordEnrollment } from './enrollment-status.ts';
import { queueCodeEmail } from './invitation-emails.ts';
import { lastFullDay } from './last-day.ts';
import { REPEAT_WINDOW } from './repeat-window.ts';
import { isMinor, otherPeoplesEmails } from './rules.ts';
import { findInvitation, type StoredInvitation, saveVerificationCode } from './store.ts';

/**
 * Milliseconds for which a verification code is valid: time for the patient to get home, find the letter and use the
 * code.
 */
const CODE_VALID_FOR = days(7);

/**
 * Creates a verification code for an invitation. It replaces the previous code.
 * @returns the code, which staff tell the patient; `undefined` if the code was emailed
 */
export async function issueCodeInTransaction(
  tx: Executor,
  deps: EnrollmentDeps,
  by: EnrollmentActor,
  { invitationId, channel }: { readonly invitationId: string; readonly channel: CodeChannel },
): Promise<string | undefined> {
  const now = deps.clock.now();
  const { invitation, chart } = await lockInvitation(tx, invitationId, now);
  const to = channel === 'contact' ? await chooseContact(tx, chart, invitation, now) : undefined;
  if (typeof to === 'object') throw new EnrollmentError(to.rejection);
  if (to !== undefined && wasJustEmailed(invitation, now)) return undefined;
  const code = generateVerificationCode(deps.random);
  const expiresAt = later(now, CODE_VALID_FOR);
  const stored = await saveVerificationCode(tx, {
    invitationId,
    hash: hashVerificationCode(invitationId, code),
    channel,
    now,
    expiresAt,
  });
  if (!stored) throw new EnrollmentError('over');
  if (to !== undefined) {
    const { language } = invitation;
    const cause = { invitationId, visitor: by.visitor };
    await queueCodeEmail(tx, deps, chart, { to, language, code, lastDay: lastFullDay(expiresAt, now), cause });
  }
  await deps.audit.appendInTransaction(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId: invitation.recordId,
    detail: { action: 'give-code', way: channel },
  });
  return to === undefined ? code : undefined;
}

/** Returns the address in the chart to which a verification code can be emailed; `undefined` if there is none. */
export async function findCodeContact(db: Executor, invitationId: string, now: Date): Promise<string | undefined> {
  const invitation = await findInvitation(db, invitationId, now);
  const chart = invitation && (await readChart(db, invitation.recordId, now));
  if (invitation === undefined || chart === undefined) return undefined;
  const to = await chooseContact(db, chart, invitation, now);
  return typeof to === 'string' ? to : undefined;
}

/**
 * Locks the record's enrollment until the transaction ends, and returns the open invitation with the patient's chart.
 * Throws `EnrollmentError` if the invitation is no longer open.
 */
async function lockInvitation(tx: Executor, invitationId: string, now: Date) {
  const unlocked = await findInvitation(tx, invitationId, now);
  if (unlocked !== undefined) await lockRecordEnrollment(tx, unlocked.recordId);
  const invitation = await findInvitation(tx, invitationId, now);
  if (invitation?.state !== 'open') throw new EnrollmentError('over');
  const chart = await readChart(tx, invitation.recordId, now);
  if (chart === undefined) throw new EnrollmentError('chart-incomplete');
  return { invitation, chart };
}

/**
 * Tells whether a verification code was emailed within `REPEAT_WINDOW`. If so, the form was submitted twice, and a
 * second email with another code would confuse the recipient.
 */
const wasJustEmailed = ({ codeChannel, codeExpiresAt }: StoredInvitation, now: Date): boolean =>
  codeChannel === 'contact' &&
  codeExpiresAt !== undefined &&
  codeExpiresAt > later(now, CODE_VALID_FOR - REPEAT_WINDOW);

/**
 * Returns an address in the chart other than the invitation's, so that someone who reads one mailbox can't get both the
 * invitation and the verification code.
 */
async function chooseContact(
  tx: Executor,
  chart: PatientChart,
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
 * Returns the email addresses in the chart that are the patient's own. The chart of a patient of 12 to 17 may list a
 * guardian's address as the patient's. A verification code is never sent to such an address.
 */
async function ownEmails(tx: Executor, chart: PatientChart, now: Date): Promise<readonly string[]> {
  if (!isMinor(chart)) return chart.emails;
  const patientEmails: string[] = [];
  for (const email of chart.emails.filter((one) => !otherPeoplesEmails(chart).includes(one))) {
    const { account } = await findEmailUses(tx, { email, chart, now });
    if (account?.relation !== 'representative') patientEmails.push(email);
  }
  return patientEmails;
}
