import type { FastifyRequest } from 'fastify';
import type { Executor } from '../database/index.ts';
import { Problem } from '../kernel/index.ts';
import { type Job, jobsOf, type Role, type Session, type SignedIn } from '../people/index.ts';

/** What each role is called where somebody reads it. */
export const ROLE_NAMES: Readonly<Record<Role, string>> = {
  clinician: 'clinician',
  'front-desk': 'front desk',
  'privacy-officer': 'privacy officer',
  administrator: 'practice administrator',
};

/**
 * What somebody does at a practice. Throws `not-found` for a practice where they don't work, as if it were none, and
 * `role-missing` when none of the roles is theirs there.
 * @param practiceId as it stands in the address
 * @param roles any of which is enough; none: whoever works there
 */
export async function requireRole(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: string | number,
  ...roles: readonly Role[]
): Promise<Job> {
  const wanted = String(practiceId);
  const job = (await jobsOf(db, accountId)).find((one) => String(one.practiceId) === wanted);
  if (job === undefined) throw notFound();
  if (roles.length === 0 || hasRole(job, ...roles)) return job;
  const needed = roles.map((role) => ROLE_NAMES[role]).join(' or ');
  const message = `This is for whoever has the role ${needed} at ${job.practiceName}. An administrator of the practice can give you that.`;
  throw new Problem('role-missing', { status: 403, message });
}

export const hasRole = (job: Pick<Job, 'roles'>, ...roles: readonly Role[]): boolean =>
  roles.some((role) => job.roles.includes(role));

/** Of another practice, or of nobody: the same answer. */
export const notFound = (): Problem =>
  new Problem('not-found', {
    status: 404,
    message: 'No page of this server has that address. Check it, or begin at the home page.',
  });

/** Who asks for a page below `/practice/:practiceId`. */
export interface AtDesk {
  readonly session: Session;
  readonly job: Job;
}

/** Throws what leads to sign-in, says that the page is for staff, or what `requireRole` throws. */
export async function staffAt(
  { db, signedIn }: { readonly db: Executor; readonly signedIn: SignedIn },
  request: FastifyRequest,
  ...roles: readonly Role[]
): Promise<AtDesk> {
  const session = await signedIn.staff(request);
  const { practiceId = '' } = request.params as { practiceId?: string };
  return { session, job: await requireRole(db, session, practiceId, ...roles) };
}
