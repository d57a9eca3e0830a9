import { Type } from 'typebox';
import {
  createOrganisation,
  findOrganisation,
  findOrganisationOfDomain,
  listJoinApplicants,
  listJoinRequests,
  listMemberships,
  type Organisation,
  requestToJoin,
} from '../../apps/index.ts';
import { findAccountProfile, findFactors, hasSecondFactor, type Session } from '../../identity/index.ts';
import { conflictProblem, days, hours, type OrganisationId, Problem } from '../../kernel/index.ts';
import {
  type DeveloperSpace,
  ERROR_RESPONSES,
  NewOrganisationRequest,
  notifyOfJoinRequest,
  type OrganisationEmailDeps,
  OwnOrganisation,
  OwnOrganisationsResponse,
  type PortalApi,
  type PortalContext,
} from '../../portal-api/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import { organisationDomain } from '../../sign-up/index.ts';
import { parseOrganisationFields } from './fields.ts';
import { toOwnJoinRequestResponse, toOwnOrganisation } from './organisation-responses.ts';

/** Rate limits of the organizations that one person creates or asks to join. */
const CREATION_LIMIT: SharedRateLimit = { max: 5, window: days(1), name: 'organisations-made' };
const REQUEST_LIMIT: SharedRateLimit = { max: 10, window: hours(24), name: 'organisations-asked' };

const PATH = '/developer/organisations';
const tags = ['organizations'];

/** Adds the routes that list a person's organizations, create one, or ask to join one. */
export function ownOrganisationsRoutes(api: PortalApi, deps: PortalContext & OrganisationEmailDeps): void {
  const { db, clock, guard } = deps;

  const listing = {
    tags,
    summary: 'List your organizations',
    response: { 200: OwnOrganisationsResponse, ...ERROR_RESPONSES },
  };
  api.get(PATH, { schema: listing }, async (request) => listOwn(await guard.developerSpace(request)));

  const summary = 'Create your own organization, without an email domain';
  const making = {
    tags,
    summary,
    body: NewOrganisationRequest,
    response: { 201: OwnOrganisation, ...ERROR_RESPONSES },
  };
  api.post(PATH, { schema: making }, async (request, reply) => {
    const session = await guard.developer(request);
    const { name, website } = parseOrganisationFields({ name: request.body.name, website: request.body.website });
    await requireBelowLimit(CREATION_LIMIT, session.accountId);
    const organisationId = deps.random.uuid() as OrganisationId;
    const founder = session.accountId;
    await db.transaction(async (tx) => {
      const now = clock.now();
      await createOrganisation(tx, { organisationId, name, domain: undefined, website, founder, now });
      const detail = { action: 'make', organisationId };
      const event = { kind: 'organisation', outcome: 'success', requestId: request.id, accountId: founder } as const;
      await deps.audit.appendInTransaction(tx, { ...event, detail });
    });
    const made = await findOrganisation(db, organisationId);
    if (made === undefined) throw conflictProblem('The organization no longer exists.');
    return reply.code(201).send(toOwnOrganisation(made, 'administrator'));
  });

  const asking = {
    tags,
    summary: 'Ask to join the organization of your email domain',
    description: 'The domain of your email address determines the organization.',
    response: { 204: Type.Null(), ...ERROR_RESPONSES },
  };
  api.post(`${PATH}/join-requests`, { schema: asking }, async (request, reply) => {
    const session = await guard.developer(request);
    const matching = await organisationOfAddress(session);
    if (matching === undefined)
      throw conflictProblem('There is no organization for your email domain. Create your own organization.');
    await requireBelowLimit(REQUEST_LIMIT, session.accountId);
    await ask(request.id, session, matching);
    return reply.code(204).send(null);
  });

  async function listOwn({ session, db }: DeveloperSpace) {
    const { accountId } = session;
    const memberships = await listMemberships(db, accountId);
    const found = await Promise.all(
      memberships.map(async ({ organisationId, role }) => {
        const organisation = await findOrganisation(db, organisationId);
        if (organisation === undefined) return [];
        const waiting = role === 'administrator' ? (await listJoinApplicants(db, organisationId)).length : 0;
        return [{ ...toOwnOrganisation(organisation, role), waiting }];
      }),
    );
    const requests = await listJoinRequests(db, accountId);
    const matching = await organisationOfAddress(session);
    const hasRequested = requests.some((one) => one.organisationId === matching?.organisationId);
    const belongs = memberships.some((one) => one.organisationId === matching?.organisationId);
    const factors = await findFactors(db, accountId);
    return {
      organisations: found.flat(),
      requests: requests.map(toOwnJoinRequestResponse),
      mayAsk: matching === undefined || hasRequested || belongs ? null : matching.name,
      account: {
        email: (await findAccountProfile(db, accountId))?.email ?? null,
        secondFactor: factors !== undefined && hasSecondFactor(factors),
      },
    };
  }

  async function organisationOfAddress({ accountId }: Session): Promise<Organisation | undefined> {
    const email = (await findAccountProfile(db, accountId))?.email;
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
      if (!(await requestToJoin(tx, { organisationId, accountId, now: clock.now() })))
        throw conflictProblem(
          'You already belong to this organization or have asked to join. Wait for the answer. If it was declined, you can ask again a day later.',
        );
      const email = (await findAccountProfile(tx, accountId))?.email ?? '';
      await notifyOfJoinRequest(tx, deps, { organisationId, organisationName, name, email });
      const detail = { action: 'ask', organisationId };
      await deps.audit.appendInTransaction(tx, {
        kind: 'organisation',
        outcome: 'success',
        requestId,
        accountId,
        detail,
      });
    });
  }

  async function requireBelowLimit(limit: SharedRateLimit, key: string): Promise<void> {
    const exceeded = await countUse(deps, limit, key);
    if (exceeded === undefined) return;
    const message = 'You reached the limit for today. Try again tomorrow.';
    throw new Problem('too-many-attempts', { status: 429, message, retryAfter: exceeded.retryAfter });
  }
}
