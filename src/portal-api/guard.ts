import type { FastifyRequest } from 'fastify';
import {
  findApp,
  includesRole,
  listMemberships,
  type OrganisationMembership,
  type OrganisationRole,
} from '../apps/index.ts';
import type { Database, SpaceDatabase } from '../database/index.ts';
import type { App } from '../domain/index.ts';
import type { BrowserCookies, Session, SessionGuard } from '../identity/index.ts';
import { type ClientId, type Clock, later, minutes, type OrganisationId, Problem } from '../kernel/index.ts';
import { missingOrNotOwn, roleMissing } from './lock-member.ts';
import type { MadeUpReviews } from './made-up-reviews.ts';

/** Maximum milliseconds since a person's last authentication for a request that changes credentials or access. */
const PROOF_MAX_AGE = minutes(5);

export interface OrganisationAccess {
  readonly session: Session;
  readonly membership: OrganisationMembership;
}

export interface AppAccess extends OrganisationAccess {
  readonly app: App & { readonly organisationId: OrganisationId };
}

/** An administrator, and the apps and organizations that the administrator may see and decide about. */
export interface ReviewSpace {
  readonly session: Session;
  /** Contains the real apps and organizations, or the made-up ones of one visitor of the sandbox. */
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
  developer(request: FastifyRequest): Promise<Session>;
  /** Accepts administrators of the installation. Rejects the sandbox's administrator. */
  reviewer(request: FastifyRequest): Promise<Session>;
  /**
   * Accepts administrators of the installation, for the real apps and organizations, and visitors who are signed in as
   * the sandbox's administrator, for their own made-up ones. Everything that such a route reads or changes must go
   * through the returned database.
   */
  reviewSpace(request: FastifyRequest): Promise<ReviewSpace>;
  /** Accepts whom `reviewSpace` accepts, without opening the space. */
  anyReviewer(request: FastifyRequest): Promise<Session>;
  /** Accepts members of the organization who have at least the given role. */
  member(request: FastifyRequest, organisationId: string, role: OrganisationRole): Promise<OrganisationAccess>;
  /** Accepts members of the organization that develops the app who have at least the given role. */
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
  readonly signedIn: SessionGuard;
  /** The review of made-up apps; undefined for an installation without a sandbox. */
  readonly madeUpReviews: MadeUpReviews | undefined;
}): PortalGuard {
  const person = async (request: FastifyRequest): Promise<Session> => {
    const session = await deps.signedIn.current(request);
    if (session !== undefined) return session;
    throw new Problem('not-signed-in', { status: 401, message: 'You are not signed in. Sign in, then try again.' });
  };
  const developer = async (request: FastifyRequest): Promise<Session> => {
    const session = await person(request);
    if (session.kind === 'developer') return session;
    throw wrongAccount(session, 'app developers');
  };
  const memberOf = async (
    session: Session,
    organisationId: string,
    role: OrganisationRole,
  ): Promise<OrganisationMembership> => {
    const memberships = await listMemberships(deps.db, session.accountId);
    const membership = memberships.find((one) => one.organisationId === organisationId);
    if (membership === undefined) throw missingOrNotOwn();
    if (includesRole(membership.role, role)) return membership;
    throw roleMissing(membership.role, role, membership.organisationName);
  };
  const proofValidFor = ({ authenticatedAt }: Session): number =>
    Math.max(0, later(authenticatedAt, PROOF_MAX_AGE).getTime() - deps.clock.now().getTime());
  const anyReviewer = async (request: FastifyRequest): Promise<Session> => {
    const session = await person(request);
    if (session.administrator || (session.sandboxAdministrator && deps.madeUpReviews !== undefined)) return session;
    throw wrongAccount(session, 'administrators');
  };
  return {
    person,
    developer,
    proofValidFor,
    anyReviewer,
    async reviewer(request) {
      const session = await anyReviewer(request);
      if (session.administrator) return session;
      throw new Problem('wrong-account', { status: 403, message: ONLY_MADE_UP });
    },
    async reviewSpace(request) {
      const session = await anyReviewer(request);
      if (session.administrator) return { session, db: deps.db, isMadeUp: false };
      if (deps.madeUpReviews === undefined) throw wrongAccount(session, 'administrators');
      return { session, db: await deps.madeUpReviews.open(session, request), isMadeUp: true };
    },
    async member(request, organisationId, role) {
      const session = await developer(request);
      return { session, membership: await memberOf(session, organisationId, role) };
    },
    async appMember(request, clientId, role) {
      const session = await developer(request);
      const app = await findApp(deps.db, deps.clock, clientId as ClientId);
      if (app?.organisationId === undefined) throw missingOrNotOwn();
      const membership = await memberOf(session, app.organisationId, role);
      return { session, membership, app: { ...app, organisationId: app.organisationId } };
    },
    requireProof(session) {
      if (session.authenticatedAt >= later(deps.clock.now(), -PROOF_MAX_AGE)) return;
      const message = 'Confirm your identity at /account/security/confirm, then try again.';
      throw new Problem('proof-needed', { status: 403, message });
    },
  };
}

const ONLY_MADE_UP =
  'This sandbox account reviews made-up apps and organizations only. Sign in with your own administrator account.';

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
