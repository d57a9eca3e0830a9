import type { FastifyRequest } from 'fastify';
import {
  findApp,
  includesRole,
  listMemberships,
  type OrganisationMembership,
  type OrganisationRole,
} from '../apps/index.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Database, SpaceDatabase } from '../database/index.ts';
import type { App } from '../domain/index.ts';
import type { BrowserCookies, Session, SessionGuard } from '../identity/index.ts';
import { type ClientId, type Clock, later, minutes, type OrganisationId, Problem } from '../kernel/index.ts';
import { missingOrNotOwn, roleMissing } from './lock-member.ts';
import { type MadeUpSpaces, markMadeUp } from './made-up-spaces.ts';

/** Maximum milliseconds since a person's last authentication for a request that changes credentials or access. */
const PROOF_MAX_AGE = minutes(5);

/** A developer, and the apps and organizations that the developer may see and change. */
export interface DeveloperSpace {
  readonly session: Session;
  /** Contains the real apps and organizations, or the made-up ones of one visitor of the sandbox. */
  readonly db: SpaceDatabase;
  /** Marks events about made-up apps and organizations as such. */
  readonly audit: AuditLog;
  readonly isMadeUp: boolean;
}

export interface OrganisationAccess extends DeveloperSpace {
  readonly membership: OrganisationMembership;
}

export interface AppAccess extends OrganisationAccess {
  readonly app: App & { readonly organisationId: OrganisationId };
}

/** An administrator, and the apps, organizations and brands that the administrator may see and decide about. */
export interface ReviewSpace {
  readonly session: Session;
  /** Contains the real apps, organizations and brands, or the made-up ones of one visitor of the sandbox. */
  readonly db: SpaceDatabase;
  readonly isMadeUp: boolean;
}

/**
 * Checks who may call a route. Each method returns who the caller is, or throws a Problem: 401
 * `not-signed-in`, 403 `wrong-account`, `role-missing` or `proof-needed`, 404 for apps and
 * organizations of others.
 */
export interface PortalGuard {
  /** Accepts any signed-in account. */
  person(request: FastifyRequest): Promise<Session>;
  /** Accepts developers who have an account of their own. Rejects the sandbox's developer. */
  developer(request: FastifyRequest): Promise<Session>;
  /**
   * Accepts developers, for the real apps and organizations, and visitors who are signed in as the sandbox's developer,
   * for their own made-up ones. Everything that such a route reads or changes must go through the returned database.
   */
  developerSpace(request: FastifyRequest): Promise<DeveloperSpace>;
  /** Accepts whom `developerSpace` accepts, without opening the space. */
  anyDeveloper(request: FastifyRequest): Promise<Session>;
  /** Accepts administrators of the installation. Rejects the sandbox's administrator. */
  reviewer(request: FastifyRequest): Promise<Session>;
  /**
   * Accepts administrators of the installation, for the real apps, organizations and brands, and visitors who are signed
   * in as the sandbox's administrator, for their own made-up ones. Everything that such a route reads or changes must go
   * through the returned database.
   */
  reviewSpace(request: FastifyRequest): Promise<ReviewSpace>;
  /** Accepts whom `reviewSpace` accepts, without opening the space. */
  anyReviewer(request: FastifyRequest): Promise<Session>;
  /** Accepts members of the organization who have at least the given role, and returns the space that it belongs to. */
  member(request: FastifyRequest, organisationId: string, role: OrganisationRole): Promise<OrganisationAccess>;
  /**
   * Accepts members of the organization that develops the app who have at least the given role, and returns the space
   * that the app belongs to.
   */
  appMember(request: FastifyRequest, clientId: string, role: OrganisationRole): Promise<AppAccess>;
  /**
   * Throws `proof-needed` unless the person authenticated within the last five minutes. The page
   * `/account/security/confirm` lets the person do so.
   */
  requireProof(session: Session): void;
  /** Returns the milliseconds for which `requireProof` accepts the session; 0 if it rejects it. */
  proofValidFor(session: Session): number;
}

/** Creates the functions that check who may call a route of the JSON API. */
export function createPortalGuard(deps: {
  readonly db: Database;
  readonly clock: Clock;
  readonly audit: AuditLog;
  readonly signedIn: SessionGuard;
  /** The made-up apps of visitors; undefined for an installation without a sandbox. */
  readonly madeUpSpaces: MadeUpSpaces | undefined;
}): PortalGuard {
  const person = async (request: FastifyRequest): Promise<Session> => {
    const session = await deps.signedIn.current(request);
    if (session !== undefined) return session;
    throw new Problem('not-signed-in', { status: 401, message: 'You are not signed in. Sign in, then try again.' });
  };
  const { madeUpSpaces } = deps;
  const madeUpAudit = markMadeUp(deps.audit);
  const anyDeveloper = async (request: FastifyRequest): Promise<Session> => {
    const session = await person(request);
    if (session.kind === 'developer' && (madeUpSpaces !== undefined || !session.published)) return session;
    throw wrongAccount(session, 'app developers');
  };
  const developerSpace = async (request: FastifyRequest): Promise<DeveloperSpace> => {
    const session = await anyDeveloper(request);
    if (!session.published) return { session, db: deps.db, audit: deps.audit, isMadeUp: false };
    if (madeUpSpaces === undefined) throw wrongAccount(session, 'app developers');
    return { session, db: await madeUpSpaces.open(session, request), audit: madeUpAudit, isMadeUp: true };
  };
  const memberOf = async (
    { session, db }: DeveloperSpace,
    organisationId: string,
    role: OrganisationRole,
  ): Promise<OrganisationMembership> => {
    const memberships = await listMemberships(db, session.accountId);
    const membership = memberships.find((one) => one.organisationId === organisationId);
    if (membership === undefined) throw missingOrNotOwn();
    if (includesRole(membership.role, role)) return membership;
    throw roleMissing(membership.role, role, membership.organisationName);
  };
  const proofValidFor = ({ authenticatedAt }: Session): number =>
    Math.max(0, later(authenticatedAt, PROOF_MAX_AGE).getTime() - deps.clock.now().getTime());
  const anyReviewer = async (request: FastifyRequest): Promise<Session> => {
    const session = await person(request);
    if (session.administrator || (session.sandboxAdministrator && madeUpSpaces !== undefined)) return session;
    throw wrongAccount(session, 'administrators');
  };
  return {
    person,
    anyDeveloper,
    developerSpace,
    proofValidFor,
    anyReviewer,
    async developer(request) {
      const session = await anyDeveloper(request);
      if (!session.published) return session;
      throw new Problem('not-in-sandbox', { status: 403, message: NOT_WITH_MADE_UP });
    },
    async reviewer(request) {
      const session = await anyReviewer(request);
      if (session.administrator) return session;
      throw new Problem('wrong-account', { status: 403, message: ONLY_MADE_UP });
    },
    async reviewSpace(request) {
      const session = await anyReviewer(request);
      if (session.administrator) return { session, db: deps.db, isMadeUp: false };
      if (madeUpSpaces === undefined) throw wrongAccount(session, 'administrators');
      return { session, db: await madeUpSpaces.open(session, request), isMadeUp: true };
    },
    async member(request, organisationId, role) {
      const space = await developerSpace(request);
      return { ...space, membership: await memberOf(space, organisationId, role) };
    },
    async appMember(request, clientId, role) {
      const space = await developerSpace(request);
      const app = await findApp(space.db, deps.clock, clientId as ClientId);
      if (app?.organisationId === undefined) throw missingOrNotOwn();
      const membership = await memberOf(space, app.organisationId, role);
      return { ...space, membership, app: { ...app, organisationId: app.organisationId } };
    },
    requireProof(session) {
      if (session.authenticatedAt >= later(deps.clock.now(), -PROOF_MAX_AGE)) return;
      const message = 'Confirm your identity at /account/security/confirm, then try again.';
      throw new Problem('proof-needed', { status: 403, message });
    },
  };
}

const ONLY_MADE_UP =
  'This sandbox account reviews made-up apps, organizations and practices only. Sign in with your own administrator account.';

const NOT_WITH_MADE_UP =
  'This isn’t possible with made-up apps and organizations. To try it, sign up for a developer account of your own.';

const wrongAccount = ({ displayName }: Session, owner: string): Problem =>
  new Problem('wrong-account', {
    status: 403,
    message: `This is only for ${owner}. You are signed in as ${displayName}. Sign out, then sign in with another account.`,
  });

const READING = ['GET', 'HEAD', 'OPTIONS'];

/**
 * Rejects a request that changes something if it lacks the CSRF token from `GET /api/session`.
 * Other sites can't read that token, so they can't send such requests.
 */
export function requireCsrfToken(cookies: BrowserCookies, request: FastifyRequest): void {
  if (READING.includes(request.method)) return;
  const token = request.headers['x-csrf-token'];
  cookies.requireCsrf(request, typeof token === 'string' ? token : undefined);
}
