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

/** A link is for now, a letter lies about. */
const MAIL_GOOD_FOR = days(14);
const LETTER_GOOD_FOR = days(60);

/** Invites within a transaction. Nothing is written before all that could refuse it was asked. */
export async function inviteWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  wanted: WantedInvitation,
): Promise<MadeInvitation> {
  const email = wanted.email === undefined ? undefined : foldAddress(wanted.email);
  const { chart, invitee } = await requireInvitable(tx, deps, { ...wanted, email });
  const sent = await justMailed(tx, deps, { ...wanted, email });
  if (sent !== undefined) return { invitationId: sent.invitationId, letterCode: undefined };
  const made = ticket(deps, email);
  const invitation = {
    invitationId: deps.random.uuid(),
    kind: invitee.kind,
    practiceId: chart.practiceId,
    recordId: chart.recordId,
    relatedPersonId: invitee.kind === 'patient' ? undefined : invitee.person.id,
    name: invitee.kind === 'patient' ? chart.name : invitee.person.name,
    email,
    hash: made.hash,
    language: wanted.language,
    createdBy: by.accountId,
    now: deps.clock.now(),
    expiresAt: made.expiresAt,
  };
  await cancelOthersFor(tx, invitation, invitation.now);
  await keepInvitation(tx, invitation);
  await send(tx, deps, chart, { ...invitation, token: made.token });
  await tell(tx, deps, by, { recordId: chart.recordId, action: 'invite', kind: invitee.kind, email });
  return { invitationId: invitation.invitationId, letterCode: email === undefined ? made.token : undefined };
}

/** The same invitation with a new link or code, for its whole time. */
export async function resendWithin(
  tx: Executor,
  deps: EnrollmentDeps,
  by: By,
  invitationId: string,
): Promise<MadeInvitation> {
  const known = await findInvitation(tx, invitationId, deps.clock.now());
  if (known?.state !== 'open') throw new EnrollmentFault('over');
  const { kind, email, recordId, relatedPersonId = '' } = known;
  const whom = kind === 'patient' ? { kind } : { kind, relatedPersonId };
  const { chart } = await requireInvitable(tx, deps, { ...known, whom });
  if ((await justMailed(tx, deps, { ...known, whom }))?.invitationId === invitationId)
    return { invitationId, letterCode: undefined };
  const { token, hash, expiresAt } = ticket(deps, email);
  const renewed = await renewInvitation(tx, { invitationId, hash, expiresAt, now: deps.clock.now() });
  if (!renewed) throw new EnrollmentFault('over');
  await send(tx, deps, chart, { ...known, token, expiresAt });
  await tell(tx, deps, by, { recordId, action: 'resend', kind, email });
  return { invitationId, letterCode: email === undefined ? token : undefined };
}

/** The same that was mailed a moment ago, and is still open. */
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

/** Whom it is for, or why they can't be invited. Nobody else settles the same until the transaction ends. */
async function requireInvitable(
  tx: Executor,
  deps: EnrollmentDeps,
  wanted: WantedInvitation,
): Promise<{ readonly chart: Chart; readonly invitee: Invitee }> {
  const { recordId, email } = wanted;
  const now = deps.clock.now();
  await settleRecord(tx, recordId);
  if (email !== undefined) await settleEmail(tx, email);
  const chart = await readChart(tx, recordId, now);
  const invitee = chart === undefined ? undefined : inviteeIn(chart, wanted.whom);
  if (chart === undefined || invitee === undefined) throw new EnrollmentFault('chart-incomplete');
  refuseFor(personFault(chart, invitee, await standingOf(tx, recordId)));
  if (email !== undefined) refuseFor(emailFault(chart, invitee, email, await usesOf(tx, { email, chart, now })));
  return { chart, invitee };
}

function inviteeIn({ relatedPersons }: Chart, whom: WantedInvitation['whom']): Invitee | undefined {
  if (whom.kind === 'patient') return whom;
  const person = relatedPersons.find(({ id }) => id === whom.relatedPersonId);
  return person && { kind: 'representative', person };
}

function refuseFor(refusal: EnrollmentRefusal | undefined): void {
  if (refusal !== undefined) throw new EnrollmentFault(refusal);
}

function ticket({ clock, random }: Pick<EnrollmentDeps, 'clock' | 'random'>, email: string | undefined) {
  const token = email === undefined ? letterCode(random) : linkToken(random);
  const hash = invitationHash(token);
  if (hash === undefined) throw new Error('what was made is what is read');
  return { token, hash, expiresAt: later(clock.now(), email === undefined ? LETTER_GOOD_FOR : MAIL_GOOD_FOR) };
}

interface Sent {
  readonly kind: Invitee['kind'];
  readonly email: string | undefined;
  readonly language: Language;
  readonly token: string;
  readonly expiresAt: Date;
}

/** A letter is printed by whoever invites. */
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

const tell = (tx: Executor, { audit }: EnrollmentDeps, by: By, { recordId, action, kind, email }: Told) =>
  audit.recordWithin(tx, {
    kind: 'enrollment',
    outcome: 'success',
    requestId: by.requestId,
    accountId: by.accountId,
    recordId,
    detail: { action, whom: kind, way: email === undefined ? 'letter' : 'mail' },
  });
