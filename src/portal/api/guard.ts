import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import { type ClientId, type Clock, later, minutes, type OrganisationId, Problem } from '../../kernel/index.ts';
import type { BrowserCookies, Session, SignedIn } from '../../people/index.ts';
import { type App, findApp, type MemberRole, type Membership, mayActAs, membershipsOf } from '../../registry/index.ts';
import { notFound, roleMissing } from './hold-member.ts';

/** Longest time since the last authentication for changes of credentials or access. */
const PROOF_LASTS = minutes(5);

export interface AtOrganisation {
  readonly session: Session;
  readonly membership: Membership;
}

export interface AtApp extends AtOrganisation {
  readonly app: App & { readonly organisationId: OrganisationId };
}

/**
 * Checks who may call a route. Each method throws a Problem for everyone else: 401 `not-signed-in`,
 * 403 `wrong-account`, `role-missing` or `proof-needed`, 404 for apps and organizations of others.
 */
export interface Guard {
  /** Any signed-in account. */
  person(request: FastifyRequest): Promise<Session>;
  developer(request: FastifyRequest): Promise<Session>;
  /** An administrator of the installation. */
  reviewer(request: FastifyRequest): Promise<Session>;
  /** A member of the organization with at least this role. */
  member(request: FastifyRequest, organisationId: string, role: MemberRole): Promise<AtOrganisation>;
  /** A member, with at least this role, of the organization that develops the app. */
  appMember(request: FastifyRequest, clientId: string, role: MemberRole): Promise<AtApp>;
  /**
   * Throws `proof-needed` unless the person authenticated within the last five minutes.
   * `/account/security/confirm` asks for it.
   */
  requireProof(session: Session): void;
}

/** Creates the guard of the JSON API. */
export function openGuard(deps: { readonly db: Executor; readonly clock: Clock; readonly signedIn: SignedIn }): Guard {
  const person = async (request: FastifyRequest): Promise<Session> => {
    const session = await deps.signedIn.current(request);
    if (session !== undefined) return session;
    throw new Problem('not-signed-in', { status: 401, message: 'You are not signed in. Sign in, then do it again.' });
  };
  const developer = async (request: FastifyRequest): Promise<Session> => {
    const session = await person(request);
    if (session.kind === 'developer') return session;
    throw wrongAccount(session, 'developers of apps');
  };
  const memberOf = async (session: Session, organisationId: string, role: MemberRole): Promise<Membership> => {
    const memberships = await membershipsOf(deps.db, session.accountId);
    const membership = memberships.find((one) => one.organisationId === organisationId);
    if (membership === undefined) throw notFound();
    if (mayActAs(membership.role, role)) return membership;
    throw roleMissing(membership.role, role, membership.organisationName);
  };
  return {
    person,
    developer,
    async reviewer(request) {
      const session = await person(request);
      if (session.administrator) return session;
      throw wrongAccount(session, 'administrators');
    },
    async member(request, organisationId, role) {
      const session = await developer(request);
      return { session, membership: await memberOf(session, organisationId, role) };
    },
    async appMember(request, clientId, role) {
      const session = await developer(request);
      const app = await findApp(deps.db, deps.clock, clientId as ClientId);
      if (app?.organisationId === undefined) throw notFound();
      const membership = await memberOf(session, app.organisationId, role);
      return { session, membership, app: { ...app, organisationId: app.organisationId } };
    },
    requireProof({ provedAt }) {
      if (provedAt >= later(deps.clock.now(), -PROOF_LASTS)) return;
      const message = 'Show once more that it is you, at /account/security/confirm, then do it again.';
      throw new Problem('proof-needed', { status: 403, message });
    },
  };
}

const wrongAccount = ({ displayName }: Session, whose: string): Problem =>
  new Problem('wrong-account', {
    status: 403,
    message: `This is for ${whose}. You are signed in as ${displayName}: sign out, then sign in with another account.`,
  });

const READING = ['GET', 'HEAD', 'OPTIONS'];

/** Requests that change something must carry the token from `GET /api/session`, which other sites can't read. */
export function requireToken(cookies: BrowserCookies, request: FastifyRequest): void {
  if (READING.includes(request.method)) return;
  const token = request.headers['x-csrf-token'];
  cookies.requireCsrf(request, typeof token === 'string' ? token : undefined);
}
