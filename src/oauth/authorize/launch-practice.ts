import { type Executor, statement } from '../../database/index.ts';
import { type Clock, type PracticeId, sha256 } from '../../kernel/index.ts';
import { findPushedRequest } from './pushed-request-store.ts';

const findStatement = statement(
  'oauth.launch.practice',
  { practice_id: 'int4' },
  `select r.practice_id from launch l join record r on r.record_id = l.record_id
   where l.hash = $1 and l.expires_at > $2`,
);

/**
 * Finds the practice from whose EHR an authorization request was launched.
 * @param query query of the authorization request, which may reference a pushed request
 */
export async function findLaunchPractice(
  { db, clock }: { db: Executor; clock: Clock },
  query: URLSearchParams,
): Promise<PracticeId | undefined> {
  const pushed = query.get('request_uri');
  const launch = pushed === null ? query.get('launch') : (await findPushedRequest(db, pushed))?.parameters['launch'];
  if (launch === null || launch === undefined) return undefined;
  const [row] = await db.query(findStatement, [sha256(launch), clock.now()]);
  return row?.practice_id as PracticeId | undefined;
}
