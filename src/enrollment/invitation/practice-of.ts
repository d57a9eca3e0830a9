import type { Executor } from '../../database/index.ts';
import type { Clock, PracticeId } from '../../kernel/index.ts';
import { invitationHash } from './codes.ts';
import { findByHash } from './store.ts';

/** Finds the practice of an invitation from the path of an enrollment page, `/enroll/TOKEN/…`. */
export async function practiceOfInvitation(
  { db, clock }: { db: Executor; clock: Clock },
  path: string,
): Promise<PracticeId | undefined> {
  const [, token = ''] = /^\/enroll\/([^/]+)\//.exec(path) ?? [];
  const hash = invitationHash(token);
  return hash === undefined ? undefined : (await findByHash(db, hash, clock.now()))?.practiceId;
}
