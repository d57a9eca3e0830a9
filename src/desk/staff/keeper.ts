import type { FastifyRequest } from 'fastify';
import type { Executor } from '../../database/index.ts';
import type { PracticeId } from '../../kernel/index.ts';
import { findPerson, type Job, jobsOf, type Session } from '../../people/index.ts';
import { findSettings, type PracticeSettings } from '../../practices/index.ts';
import type { OfficeDeps } from '../deps.ts';
import { hasRole, notFound, requireRole } from '../roles.ts';

/** Who looks after the staff of a practice: its administrator, or one of the whole installation. */
export interface Keeper {
  readonly session: Session;
  readonly practice: PracticeSettings;
  /** undefined: does not work there, and is an administrator of the installation. */
  readonly job: Job | undefined;
  /** The requests's id, for the trail. */
  readonly requestId: string;
}

/** Throws what leads to sign-in, or what `requireRole` throws; for an administrator of the installation no role is needed. */
export async function staffKeeper(deps: Pick<OfficeDeps, 'db' | 'signedIn'>, request: FastifyRequest): Promise<Keeper> {
  const session = await deps.signedIn.staff(request);
  const practiceId = practiceIdIn(request);
  const job = await requireKeeper(deps.db, session, practiceId);
  const practice = await findSettings(deps.db, practiceId);
  if (practice === undefined) throw notFound();
  return { session, practice, job, requestId: request.id };
}

/** Asked again inside a transaction: whoever lost the role, or was locked, in the meantime does nothing more with it. */
export async function requireKeeper(
  db: Executor,
  { accountId }: Pick<Session, 'accountId'>,
  practiceId: PracticeId,
): Promise<Job | undefined> {
  const person = await findPerson(db, accountId);
  if (person === undefined || person.lockedAt !== undefined) throw notFound();
  if (!person.administrator) return requireRole(db, { accountId }, practiceId, 'administrator');
  return (await jobsOf(db, accountId)).find((job) => job.practiceId === practiceId);
}

/** Whether the desk's own navigation is theirs. */
export const isOfPractice = (job: Job | undefined): job is Job => job !== undefined && hasRole(job, 'administrator');

/** What can't be the number of a practice is of none. */
export function practiceIdIn(request: FastifyRequest): PracticeId {
  const { practiceId = '' } = request.params as { practiceId?: string };
  if (!/^[1-9]\d{0,8}$/.test(practiceId)) throw notFound();
  return Number(practiceId) as PracticeId;
}
