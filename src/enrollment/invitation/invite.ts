import type { Executor } from '../../database/index.ts';
import { days, later } from '../../kernel/index.ts';
import { foldAddress } from '../../mail/index.ts';
import type { Language } from '../../words/index.ts';
import { readChart } from '../chart/chart.ts';
import {
  type By,
  type Chart,
  EnrollmentFault,
  type EnrollmentRefusal,
  type Invitation,
  type MadeInvitation,
  type WantedInvitation,
} from '../contract.ts';
import type { EnrollmentDeps } from '../ports.ts';
import { AT_ONCE } from './at-once.ts';
import { invitationHash, letterCode, linkToken } from './codes.ts';
import { lastDay } from './last-day.ts';
import { mailInvitation } from './mails.ts';
import { emailFault, type Invitee, personFault } from './rules.ts';
import { settleEmail, settleRecord, standingOf, usesOf } from './standing.ts';
import { cancelOthersFor, findInvitation, invitationsOf, keepInvitation, renewInvitation } from './store.ts';

/** A link is used at once; a letter may lie around for weeks. */
const MAIL_GOOD_FOR = days(14);
const LETTER_GOOD_FOR = days(60);

/** Creates and sends an invitation within a transaction. All checks come before the first write. */
export async function inviteWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  request: WantedInvitation,
): Promise<MadeInvitation> {
  const email = request.email === undefined ? undefined : foldAddress(request.email);
  const { chart, invitee } = await requireInvitable(tx, deps, { ...request, email });
  const previous = await justMailed(tx, deps, { ...request, email });
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
  await cancelOthersFor(tx, invitation, invitation.now);
  await keepInvitation(tx, invitation);
  await send(tx, deps, chart, { ...invitation, token: issued.token });
  await recordEvent(tx, deps, by, { recordId: chart.recordId, action: 'invite', kind: invitee.kind, email });
  return { invitationId: invitation.invitationId, letterCode: email === undefined ? issued.token : undefined };
}

/** Sends the same invitation with a new link or code, valid for the full period again. */
export async function resendWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  invitationId: string,
): Promise<MadeInvitation> {
  const existing = await findInvitation(tx, invitationId, deps.clock.now());
  if (existing?.state !== 'open') throw new EnrollmentFault('over');
  const { kind, email, recordId, relatedPersonId = '' } = existing;
  const whom = kind === 'patient' ? { kind } : { kind, relatedPersonId };
  const { chart } = await requireInvitable(tx, deps, { ...existing, whom });
  if ((await justMailed(tx, deps, { ...existing, whom }))?.invitationId === invitationId)
    return { invitationId, letterCode: undefined };
  const { token, hash, expiresAt } = issueToken(deps, email);
  const renewed = await renewInvitation(tx, { invitationId, hash, expiresAt, now: deps.clock.now() });
  if (!renewed) throw new EnrollmentFault('over');
  await send(tx, deps, chart, { ...existing, token, expiresAt });
  await recordEvent(tx, deps, by, { recordId, action: 'resend', kind, email });
  return { invitationId, letterCode: email === undefined ? token : undefined };
}

/** Finds an open invitation with the same recipient that was emailed a moment ago. */
async function justMailed(
  tx: Executor,
  { clock }: EnrollmentDeps,
  { recordId, whom, email, language }: WantedInvitation,
): Promise<Invitation | undefined> {
  const now = clock.now();
  const relatedPersonId = whom.kind === 'patient' ? undefined : whom.relatedPersonId;
  const same = (one: Invitation): boolean =>
    one.kind === whom.kind &&
    one.relatedPersonId === relatedPersonId &&
    one.email === email &&
    one.language === language;
  const isFresh = ({ state, expiresAt }: Invitation): boolean =>
    state === 'open' && expiresAt > later(now, MAIL_GOOD_FOR - AT_ONCE);
  if (email === undefined) return undefined;
  return (await invitationsOf(tx, recordId, now)).find((one) => isFresh(one) && same(one));
}

/**
 * Returns the chart and the invitee, or throws `EnrollmentError` if they can't be invited. Locks the record's
 * enrollment and the address until the transaction ends.
 */
async function requireInvitable(
  tx: Executor,
  deps: EnrollmentDeps,
  request: WantedInvitation,
): Promise<{ readonly chart: Chart; readonly invitee: Invitee }> {
  const { recordId, email } = request;
  const now = deps.clock.now();
  await settleRecord(tx, recordId);
  if (email !== undefined) await settleEmail(tx, email);
  const chart = await readChart(tx, recordId, now);
  const invitee = chart === undefined ? undefined : inviteeIn(chart, request.whom);
  if (chart === undefined || invitee === undefined) throw new EnrollmentFault('chart-incomplete');
  throwIfRejected(personFault(chart, invitee, await standingOf(tx, recordId)));
  if (email !== undefined) throwIfRejected(emailFault(chart, invitee, email, await usesOf(tx, { email, chart, now })));
  return { chart, invitee };
}

function inviteeIn({ relatedPersons }: Chart, whom: WantedInvitation['whom']): Invitee | undefined {
  if (whom.kind === 'patient') return whom;
  const person = relatedPersons.find(({ id }) => id === whom.relatedPersonId);
  return person && { kind: 'representative', person };
}

function throwIfRejected(rejection: EnrollmentRefusal | undefined): void {
  if (rejection !== undefined) throw new EnrollmentFault(rejection);
}

function issueToken({ clock, random }: Pick<EnrollmentDeps, 'clock' | 'random'>, email: string | undefined) {
  const token = email === undefined ? letterCode(random) : linkToken(random);
  const hash = invitationHash(token);
  if (hash === undefined) throw new Error('a new token must be readable');
  return { token, hash, expiresAt: later(clock.now(), email === undefined ? LETTER_GOOD_FOR : MAIL_GOOD_FOR) };
}

interface Sent {
  readonly kind: Invitee['kind'];
  readonly email: string | undefined;
  readonly language: Language;
  readonly token: string;
  readonly expiresAt: Date;
}

/** Emails the invitation. A letter isn't sent: the staff member who invites prints it. */
async function send(tx: Executor, deps: EnrollmentDeps, chart: Chart, sent: Sent): Promise<void> {
  if (sent.email === undefined) return;
  await mailInvitation(tx, deps, chart, {
    ...sent,
    to: sent.email,
    lastDay: lastDay(sent.expiresAt, deps.clock.now()),
  });
}

interface Told {
  readonly recordId: Chart['recordId'];
  readonly action: string;
  readonly kind: string;
  readonly email: string | undefined;
}

const recordEvent = (tx: Executor, { audit }: EnrollmentDeps, by: By, { recordId, action, kind, email }: Told) =>
  audit.recordWithin(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId,
    detail: { action, whom: kind, way: email === undefined ? 'letter' : 'mail' },
  });
