import { Type } from 'typebox';
import { days, hours, type OrganisationId, Problem } from '../../kernel/index.ts';
import {
  countOver,
  factorsOf,
  findPerson,
  hasSecondFactor,
  type Limit,
  requireChangeable,
  type Session,
} from '../../people/index.ts';
import {
  askToJoin,
  findOrganisation,
  findOrganisationOfDomain,
  foundOrganisation,
  membershipsOf,
  type Organisation,
  requestsOf,
} from '../../registry/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { NewOrganisation, OwnOrganisation, OwnOrganisations } from '../contract/organisations.ts';
import type { PortalDeps } from '../deps.ts';
import { organisationDomain } from '../sign-up/email-domain.ts';
import { organisationAnswer, ownRequestAnswer } from './answers.ts';
import { requireFields } from './fields.ts';
import { tellOfRequest } from './mails.ts';
import { conflict } from './refusals.ts';
import { listRequests } from './waiting.ts';

/** Limits on organizations and join requests of one person. */
const MADE: Limit = { most: 5, window: days(1) };
const ASKED: Limit = { most: 10, window: hours(24) };

const PATH = '/developer/organisations';
const tags = ['organizations'];

/** Adds the routes for the organizations of a person, and to create or join one. */
export function ownRoutes(api: Api, deps: PortalDeps): void {
  const { db, clock, guard } = deps;

  const listing = { tags, summary: 'Your organizations', response: { 200: OwnOrganisations, ...REFUSALS } };
  api.get(PATH, { schema: listing }, async (request) => listOwn(await guard.developer(request)));

  const summary = 'Make an organization of your own, without a domain';
  const making = { tags, summary, body: NewOrganisation, response: { 201: OwnOrganisation, ...REFUSALS } };
  api.post(PATH, { schema: making }, async (request, reply) => {
    const session = await guard.developer(request);
    requireChangeable(session);
    const { name, website } = requireFields({ name: request.body.name, website: request.body.website });
    await requireBelowLimit(`organisations-made\u0000${session.accountId}`, MADE);
    const organisationId = deps.random.uuid() as OrganisationId;
    const founder = session.accountId;
    await db.transaction(async (tx) => {
      const now = clock.now();
      await foundOrganisation(tx, { organisationId, name, domain: undefined, website, founder, now });
      const detail = { action: 'make', organisationId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId: founder } as const;
      await deps.audit.recordWithin(tx, { ...event, detail });
    });
    const made = await findOrganisation(db, organisationId);
    if (made === undefined) throw conflict('The organization is gone already.');
    return reply.code(201).send(organisationAnswer(made, 'administrator'));
  });

  const asking = {
    tags,
    summary: 'Ask to join the organization of your e-mail address',
    description: 'Which one it is says the address alone: nobody asks by an id.',
    response: { 204: Type.Null(), ...REFUSALS },
  };
  api.post(`${PATH}/join-requests`, { schema: asking }, async (request, reply) => {
    const session = await guard.developer(request);
    requireChangeable(session);
    const matching = await organisationOfAddress(session);
    if (matching === undefined) throw conflict('There is no organization of your e-mail domain. Make one of your own.');
    await requireBelowLimit(`organisations-asked\u0000${session.accountId}`, ASKED);
    await ask(request.id, session, matching);
    return reply.code(204).send(null);
  });

  async function listOwn(session: Session) {
    const { accountId } = session;
    const memberships = await membershipsOf(db, accountId);
    const found = await Promise.all(
      memberships.map(async ({ organisationId, role }) => {
        const organisation = await findOrganisation(db, organisationId);
        if (organisation === undefined) return [];
        const waiting = role === 'administrator' ? (await listRequests(db, organisationId)).length : 0;
        return [{ ...organisationAnswer(organisation, role), waiting }];
      }),
    );
    const requests = await requestsOf(db, accountId);
    const matching = await organisationOfAddress(session);
    const hasRequested = requests.some((one) => one.organisationId === matching?.organisationId);
    const belongs = memberships.some((one) => one.organisationId === matching?.organisationId);
    const factors = await factorsOf(db, accountId);
    return {
      organisations: found.flat(),
      requests: requests.map(ownRequestAnswer),
      mayAsk: matching === undefined || hasRequested || belongs ? null : matching.name,
      account: {
        email: (await findPerson(db, accountId))?.email ?? null,
        secondFactor: factors !== undefined && hasSecondFactor(factors),
      },
    };
  }

  async function organisationOfAddress({ accountId }: Session): Promise<Organisation | undefined> {
    const email = (await findPerson(db, accountId))?.email;
    const domain = email === undefined ? undefined : organisationDomain(email);
    return domain === undefined ? undefined : findOrganisationOfDomain(db, domain);
  }

  async function ask(
    requestId: string,
    { accountId, displayName: name }: Session,
    matching: Organisation,
  ): Promise<void> {
    const { organisationId, name: organisationName } = matching;
    await db.transaction(async (tx) => {
      if (!(await askToJoin(tx, { organisationId, accountId, now: clock.now() })))
        throw conflict('You belong to it, or have asked: wait for the answer. After a no, ask again a day later.');
      const email = (await findPerson(tx, accountId))?.email ?? '';
      await tellOfRequest(tx, deps, { organisationId, organisationName, name, email });
      const detail = { action: 'ask', organisationId };
      await deps.audit.recordWithin(tx, { kind: 'organisation', outcome: 'success', requestId, accountId, detail });
    });
  }

  async function requireBelowLimit(key: string, limit: Limit): Promise<void> {
    const exceeded = await countOver(db, clock, key, limit);
    if (exceeded === undefined) return;
    const retryAfter = Math.ceil((exceeded.until.getTime() - clock.now().getTime()) / 1000);
    const message = 'You did that often today. Try again tomorrow.';
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter });
  }
}
