import type { Executor } from '../../database/index.ts';
import type { Language } from '../../i18n/index.ts';
import { days, later, normalizeEmailAddress } from '../../kernel/index.ts';
import { readChart } from '../chart/chart.ts';
import {
  type CreatedInvitation,
  type EnrollmentActor,
  EnrollmentError,
  type EnrollmentInvitationRequest,
  type EnrollmentRejection,
  type Invitation,
  type PatientChart,
} from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { generateLetterCode, generateLinkToken, hashInvitationToken } from './codes.ts';
import { findEmailUses, getRecordEnrollmentStatus, lockEmailUse, lockRecordEnrollment } from './enrollment-status.ts';
import { queueInvitationEmail } from './invitation-emails.ts';
import { lastFullDay } from './last-day.ts';
import { REPEAT_WINDOW } from './repeat-window.ts';
import { emailRejection, type Invitee, inviteeRejection } from './rules.ts';
import { cancelOtherInvitations, findInvitation, listInvitations, renewInvitation, saveInvitation } from './store.ts';

/**
 * Milliseconds for which an invitation by email or by letter is valid. People open an emailed link soon, but may use a
 * letter only weeks later.
 */
const LINK_VALID_FOR = days(14);
const LETTER_VALID_FOR = days(60);

/**
 * Creates an invitation and queues its email in the caller's transaction. All checks come before the first write, so a
 * caller can continue the transaction after a rejection.
 */
export async function inviteInTransaction(
  tx: Executor,
  deps: EnrollmentDeps,
  by: EnrollmentActor,
  request: EnrollmentInvitationRequest,
): Promise<CreatedInvitation> {
  const email = request.email === undefined ? undefined : normalizeEmailAddress(request.email);
  const { chart, invitee } = await requireInvitable(tx, deps, { ...request, email });
  const previous = await findJustEmailed(tx, deps, { ...request, email });
  if (previous !== undefined) return { invitationId: previous.invitationId, letterCode: undefined };
  const issued = issueToken(deps, email);
  const invitation = {
    invitationId: deps.random.uuid(),
    kind: invitee.kind,
    practiceId: chart.practiceId,
    recordId: chart.recordId,
    relatedPersonId: invitee.kind === 'patient' ? undefined : invitee.person.id,
    name: invitee.kind === 'patient' ? chart.name : invitee.person.name,
    email,
    hash: issued.hash,
    language: request.language,
    createdBy: by.accountId,
    now: deps.clock.now(),
    expiresAt: issued.expiresAt,
  };
  const canceled = await cancelOtherInvitations(tx, invitation, invitation.now);
  await saveInvitation(tx, invitation);
  await emailInvitation(tx, deps, chart, { ...invitation, token: issued.token, visitor: by.visitor });
  await recordEvent(tx, deps, by, { recordId: chart.recordId, action: 'invite', kind: invitee.kind, email, canceled });
  return { invitationId: invitation.invitationId, letterCode: email === undefined ? issued.token : undefined };
}

/** Sends an invitation again with a new link or letter code. The invitation is then valid for the full period again. */
export async function resendInTransaction(
  tx: Executor,
  deps: EnrollmentDeps,
  by: EnrollmentActor,
  invitationId: string,
): Promise<CreatedInvitation> {
  const existing = await findInvitation(tx, invitationId, deps.clock.now());
  if (existing?.state !== 'open') throw new EnrollmentError('over');
  const { kind, email, recordId, relatedPersonId = '' } = existing;
  const whom = kind === 'patient' ? { kind } : { kind, relatedPersonId };
  const { chart } = await requireInvitable(tx, deps, { ...existing, whom });
  if ((await findJustEmailed(tx, deps, { ...existing, whom }))?.invitationId === invitationId)
    return { invitationId, letterCode: undefined };
  const { token, hash, expiresAt } = issueToken(deps, email);
  const renewed = await renewInvitation(tx, { invitationId, hash, expiresAt, now: deps.clock.now() });
  if (!renewed) throw new EnrollmentError('over');
  await emailInvitation(tx, deps, chart, { ...existing, token, expiresAt, visitor: by.visitor });
  await recordEvent(tx, deps, by, { recordId, action: 'resend', kind, email, canceled: [invitationId] });
  return { invitationId, letterCode: email === undefined ? token : undefined };
}

/**
 * Finds an open invitation to the same recipient that was emailed within `REPEAT_WINDOW`. If there is one, the form was
 * submitted twice.
 */
async function findJustEmailed(
  tx: Executor,
  { clock }: EnrollmentDeps,
  { recordId, whom, email, language }: EnrollmentInvitationRequest,
): Promise<Invitation | undefined> {
  const now = clock.now();
  const relatedPersonId = whom.kind === 'patient' ? undefined : whom.relatedPersonId;
  const same = (one: Invitation): boolean =>
    one.kind === whom.kind &&
    one.relatedPersonId === relatedPersonId &&
    one.email === email &&
    one.language === language;
  const isFresh = ({ state, expiresAt }: Invitation): boolean =>
    state === 'open' && expiresAt > later(now, LINK_VALID_FOR - REPEAT_WINDOW);
  if (email === undefined) return undefined;
  return (await listInvitations(tx, recordId, now)).find((one) => isFresh(one) && same(one));
}

/**
 * Returns the patient's chart and the invited person. Throws `EnrollmentError` if that person can't be invited. Locks
 * the record's enrollment and the email address until the transaction ends.
 */
async function requireInvitable(
  tx: Executor,
  deps: EnrollmentDeps,
  request: EnrollmentInvitationRequest,
): Promise<{ readonly chart: PatientChart; readonly invitee: Invitee }> {
  const { recordId, email } = request;
  const now = deps.clock.now();
  await lockRecordEnrollment(tx, recordId);
  if (email !== undefined) await lockEmailUse(tx, email);
  const chart = await readChart(tx, recordId, now);
  const invitee = chart === undefined ? undefined : findInvitee(chart, request.whom);
  if (chart === undefined || invitee === undefined) throw new EnrollmentError('chart-incomplete');
  throwIfRejected(inviteeRejection(chart, invitee, await getRecordEnrollmentStatus(tx, recordId)));
  if (email !== undefined)
    throwIfRejected(emailRejection(chart, invitee, email, await findEmailUses(tx, { email, chart, now })));
  return { chart, invitee };
}

function findInvitee({ relatedPersons }: PatientChart, whom: EnrollmentInvitationRequest['whom']): Invitee | undefined {
  if (whom.kind === 'patient') return whom;
  const person = relatedPersons.find(({ id }) => id === whom.relatedPersonId);
  return person && { kind: 'representative', person };
}

function throwIfRejected(rejection: EnrollmentRejection | undefined): void {
  if (rejection !== undefined) throw new EnrollmentError(rejection);
}

function issueToken({ clock, random }: Pick<EnrollmentDeps, 'clock' | 'random'>, email: string | undefined) {
  const token = email === undefined ? generateLetterCode(random) : generateLinkToken(random);
  const hash = hashInvitationToken(token);
  if (hash === undefined) throw new Error('a new token must be readable');
  return { token, hash, expiresAt: later(clock.now(), email === undefined ? LETTER_VALID_FOR : LINK_VALID_FOR) };
}

interface InvitationDispatch {
  readonly invitationId: string;
  readonly kind: Invitee['kind'];
  readonly email: string | undefined;
  readonly language: Language;
  readonly token: string;
  readonly expiresAt: Date;
  readonly visitor: Buffer | undefined;
}

/** Queues the email of an invitation. Does nothing for a letter, which the staff member prints. */
async function emailInvitation(
  tx: Executor,
  deps: EnrollmentDeps,
  chart: PatientChart,
  sent: InvitationDispatch,
): Promise<void> {
  if (sent.email === undefined) return;
  await queueInvitationEmail(tx, deps, chart, {
    ...sent,
    to: sent.email,
    cause: sent,
    lastDay: lastFullDay(sent.expiresAt, deps.clock.now()),
  });
}

interface InvitationEvent {
  readonly recordId: PatientChart['recordId'];
  readonly action: string;
  readonly kind: string;
  readonly email: string | undefined;
  /** Ids of the invitations whose links stopped working. */
  readonly canceled: readonly string[];
}

const recordEvent = (
  tx: Executor,
  { audit }: EnrollmentDeps,
  by: EnrollmentActor,
  { recordId, action, kind, email, canceled }: InvitationEvent,
) =>
  audit.appendInTransaction(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId,
    detail: {
      action,
      whom: kind,
      way: email === undefined ? 'letter' : 'mail',
      ...(canceled.length === 0 ? {} : { canceled: canceled.join(' ') }),
    },
  });
