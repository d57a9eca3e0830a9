import type { FastifyRequest } from 'fastify';
import {
  addSandboxVisitor,
  findSandboxVisitor,
  removeSandboxVisitor,
  type SandboxVisitorKey,
} from '../../apps/index.ts';
import type { MadeUpBrands } from '../../brands/index.ts';
import { type Database, inMadeUpSpace } from '../../database/index.ts';
import type { Session } from '../../identity/index.ts';
import { type Clock, clientNetwork, days, hours, Problem, type Random, sha256 } from '../../kernel/index.ts';
import type { MadeUpSpaces } from '../../portal-api/index.ts';
import { countUse, type SharedRateLimit } from '../../rate-limit/index.ts';
import { fillMadeUpBrands } from './fill-brands.ts';
import { fillDeveloperPortal } from './fill-portal.ts';
import { fillMadeUpReview } from './fill-review.ts';

/** New visitors per network. Each gets a copy, and pushes out the copy of another visitor if there are too many. */
const NEW_VISITORS: SharedRateLimit = { max: 30, window: hours(1), name: 'made-up-visitors' };
/** Changes per visitor. Notes and decisions are stored until the copy is deleted. */
const CHANGES: SharedRateLimit = { max: 300, window: days(1), name: 'made-up-changes' };

export interface MadeUpSpacesDeps {
  readonly db: Database;
  readonly clock: Clock;
  readonly random: Random;
  readonly brands: { readonly inMadeUpSpace: MadeUpBrands };
}

/**
 * Creates the service that gives each visitor of the sandbox made-up data of their own: a review queue and brands of
 * practices to the sandbox's administrator, and an organization with its apps to the sandbox's developer.
 */
export function createMadeUpSpaces(deps: MadeUpSpacesDeps): MadeUpSpaces {
  const { db, clock } = deps;
  return {
    async open(session, request) {
      const key = visitorKey(session);
      const found = await findSandboxVisitor(db, clock, key);
      if (request.method !== 'GET') await requireUse(deps, CHANGES, key.browser.toString('hex'), TOO_MANY_CHANGES);
      return inMadeUpSpace(db, { visitorId: found ?? (await addVisitor(deps, session, request)) });
    },
    async startOver(session, request) {
      const key = visitorKey(session);
      await requireUse(deps, CHANGES, key.browser.toString('hex'), TOO_MANY_CHANGES);
      const visitorId = await findSandboxVisitor(db, clock, key);
      if (visitorId !== undefined) await removeSandboxVisitor(db, visitorId);
      await addVisitor(deps, session, request);
    },
  };
}

/** A visitor is a browser. A session without the cookie that identifies a browser is a visitor of its own. */
const visitorKey = ({
  accountId,
  browser,
  sessionId,
}: Pick<Session, 'accountId' | 'browser' | 'sessionId'>): SandboxVisitorKey => ({
  accountId,
  browser: browser ?? sha256(sessionId),
});

async function addVisitor(
  deps: MadeUpSpacesDeps,
  { accountId, kind, ...session }: Session,
  { ip }: FastifyRequest,
): Promise<string> {
  await requireUse(deps, NEW_VISITORS, clientNetwork(ip), TOO_MANY_VISITORS);
  return addSandboxVisitor(deps.db, deps, visitorKey({ accountId, ...session }), async (tx) => {
    if (kind === 'developer') return fillDeveloperPortal(tx, deps, accountId);
    await fillMadeUpReview(tx, deps);
    await fillMadeUpBrands(tx, deps);
  });
}

const TOO_MANY_CHANGES = 'You changed a lot of made-up apps today. Try again tomorrow.';
const TOO_MANY_VISITORS = 'Many people opened the made-up apps from your network. Try again in an hour.';

async function requireUse(deps: MadeUpSpacesDeps, limit: SharedRateLimit, key: string, message: string): Promise<void> {
  const exceeded = await countUse(deps, limit, key);
  if (exceeded === undefined) return;
  throw new Problem('too-many-attempts', { status: 429, message, retryAfter: exceeded.retryAfter });
}
