import type { FastifyInstance } from 'fastify';
import { type Executor, statement } from '../../database/index.ts';
import { findAccountProfile, findFactors, hasSecondFactor } from '../../identity/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import { enrollmentDonePage } from '../pages/done.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { sendPage } from './invitation-routes.ts';

const lastPractice = statement(
  'enrollment.last-practice-of',
  { practice_id: 'int4' },
  `select practice_id from invitation
   where used_by = $1 and kind in ('patient', 'representative') order by used_at desc limit 1`,
);

/** Registers the last page of enrollment, which suggests what to do next. */
export function enrollmentDoneRoutes(app: FastifyInstance, deps: EnrollmentPageDeps): void {
  app.get<{ Querystring: { mail?: unknown; added?: unknown } }>('/enroll/done', async (request, reply) => {
    const { accountId } = await deps.sessionGuard.patient(request);
    const practiceId = await findLastPractice(deps.db, accountId);
    const person = await findAccountProfile(deps.db, accountId);
    const factors = await findFactors(deps.db, accountId);
    if (practiceId === undefined || person === undefined || factors === undefined)
      return reply.redirect('/account', 303);
    const { mail, added } = request.query;
    const { displayName: name, username } = person;
    const page = { name, username, added: added === '1', toConfirm: mail === '1', offerApp: !hasSecondFactor(factors) };
    return sendPage(reply, enrollmentDonePage(await deps.framing.forPractice(request, practiceId), page));
  });
}

async function findLastPractice(db: Executor, accountId: AccountId): Promise<PracticeId | undefined> {
  return (await db.query(lastPractice, [accountId]))[0]?.practice_id as PracticeId | undefined;
}
