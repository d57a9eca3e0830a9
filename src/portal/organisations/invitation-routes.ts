import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { days, hours, later, Problem, secretText, sha256 } from '../../kernel/index.ts';
import { foldAddress, isAddress } from '../../mail/index.ts';
import { countOver, findDeveloperByEmail, type Limit, requireChangeable } from '../../people/index.ts';
import type { Language } from '../../words/index.ts';
import { minuteOf } from '../../words/index.ts';
import type { Api } from '../api/app.ts';
import type { AtOrganisation as At } from '../api/guard.ts';
import { REFUSALS } from '../contract/answers.ts';
import { AtInvitation, AtOrganisation, InvitationAnswer, NewInvitation } from '../contract/organisations.ts';
import type { PortalDeps } from '../deps.ts';
import { keepSignUp } from '../sign-up/store.ts';
import { invitationAnswer } from './answers.ts';
import { holdAsAdministrator } from './hold.ts';
import { portalAddress, writeTo } from './mails.ts';
import { peopleOfOrganisation } from './people.ts';
import { conflict, missing } from './refusals.ts';
import { type OpenInvitation, replaceInvitations, takeBackInvitation } from './waiting.ts';

const LASTS = days(7);
/** Limits on invitations, so that nobody sends bulk email through this server or repeatedly emails one person. */
const PER_ORGANISATION: Limit = { most: 30, window: hours(24) };
const PER_ADDRESS: Limit = { most: 3, window: hours(1) };

const PATH = '/developer/organisations/:organisationId/invitations';
const tags = ['organizations'];

/**
 * Adds the routes for email invitations by administrators of an organization. The link is valid for a
 * week, for whoever can read email at that address.
 */
export function invitationRoutes(api: Api, deps: PortalDeps): void {
  const { db, clock, guard } = deps;

  const inviting = {
    tags,
    summary: 'Invite somebody by mail',
    params: AtOrganisation,
    body: NewInvitation,
    response: { 201: InvitationAnswer, ...REFUSALS },
  };
  api.post(PATH, { schema: inviting }, async (request, reply) => {
    const at = await guard.member(request, request.params.organisationId, 'administrator');
    requireChangeable(at.session);
    guard.requireProof(at.session);
    const email = foldAddress(request.body.email);
    if (!isAddress(email)) throw invalid('Enter an e-mail address, such as name@example.com.');
    await requireBelowLimits(at, email);
    const made = await invite(request, at, { email, role: request.body.role });
    return reply.code(201).send(invitationAnswer(made));
  });

  const ending = {
    tags,
    summary: 'Take an invitation back',
    params: AtInvitation,
    response: { 204: Type.Null(), ...REFUSALS },
  };
  api.delete(`${PATH}/:invitationId`, { schema: ending }, async (request, reply) => {
    const { session, membership } = await guard.member(request, request.params.organisationId, 'administrator');
    requireChangeable(session);
    const { organisationId } = membership;
    const { invitationId } = request.params;
    await db.transaction(async (tx) => {
      await holdAsAdministrator(tx, membership, session.accountId);
      if (!(await takeBackInvitation(tx, organisationId, invitationId)))
        throw missing('There is no such invitation any more: it may have been used.');
      const detail = { action: 'take-back-invitation', organisationId, signUp: invitationId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await deps.audit.recordWithin(tx, { ...event, accountId: session.accountId, detail });
    });
    return reply.code(204).send(null);
  });

  async function invite(
    request: FastifyRequest,
    { session, membership }: At,
    wanted: Pick<OpenInvitation, 'email' | 'role'>,
  ): Promise<OpenInvitation> {
    const { organisationId, organisationName: organisation } = membership;
    const { accountId: invitedBy, displayName: inviterName } = session;
    const { email, role } = wanted;
    const token = secretText(deps.random);
    const now = clock.now();
    const made = { invitationId: deps.random.uuid(), email, role, createdAt: now, expiresAt: later(now, LASTS) };
    await db.transaction(async (tx) => {
      await holdAsAdministrator(tx, membership, invitedBy);
      const people = await peopleOfOrganisation({ db: tx }, organisationId);
      if (people.some((one) => one.email === email)) throw conflict(`${email} belongs to ${organisation} already.`);
      await replaceInvitations(tx, organisationId, email);
      // The language of a new person is unknown. The language of the person who invites them is the best
      // guess.
      const person = await findDeveloperByEmail(tx, email);
      const language: Language = person?.language ?? deps.framing.plain(request).language;
      const { invitationId: signUpId, expiresAt } = made;
      const invitation = { organisationId, role, invitedBy };
      await keepSignUp(tx, { hash: sha256(token), signUpId, email, language, invitation, now, expiresAt });
      const link = `${portalAddress(deps)}/sign-up/${token}`;
      const until = minuteOf(language, expiresAt, 'UTC');
      await writeTo(tx, deps, { email, language, name: person?.displayName }, (mail, messages) =>
        mail.invited({ who: inviterName, organisation, role: messages.roles[role], link, until }),
      );
      const detail = { action: 'invite', organisationId, role, signUp: signUpId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id } as const;
      await deps.audit.recordWithin(tx, { ...event, accountId: invitedBy, detail });
    });
    return { ...made, invitedBy: inviterName };
  }

  async function requireBelowLimits({ membership }: At, email: string): Promise<void> {
    const { organisationId } = membership;
    const exceeded =
      (await countOver(db, clock, `invited-by\u0000${organisationId}`, PER_ORGANISATION)) ??
      (await countOver(db, clock, `invited\u0000${email}`, PER_ADDRESS));
    if (exceeded === undefined) return;
    const retryAfter = Math.ceil((exceeded.until.getTime() - clock.now().getTime()) / 1000);
    const message = 'Too many invitations were written. Try again later.';
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
  }
}

const invalid = (message: string): Problem =>
  new Problem('fields-invalid', { status: 400, message, faults: [{ field: 'email', message }] });
