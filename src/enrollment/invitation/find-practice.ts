import type { Executor } from '../../database/index.ts';
import type { Clock, PracticeId } from '../../kernel/index.ts';
import { hashInvitationToken } from './codes.ts';
import { findInvitationByHash } from './store.ts';

/** Finds the practice that sent an invitation, from the path of an enrollment page: `/enroll/TOKEN/…`. */
export async function findInvitationPractice(
  { db, clock }: { db: Executor; clock: Clock },
  path: string,
): Promise<PracticeId | undefined> {
  const [, token = ''] = /^\/enroll\/([^/]+)\//.exec(path) ?? [];
  const hash = hashInvitationToken(token);
  return hash === undefined ? undefined : (await findInvitationByHash(db, hash, clock.now()))?.practiceId;
}
