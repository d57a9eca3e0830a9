import type { FastifyInstance } from 'fastify';
import { type Executor, statement } from '../../database/index.ts';
import type { AccountId, PracticeId } from '../../kernel/index.ts';
import { factorsOf, findPerson, hasSecondFactor } from '../../people/index.ts';
import { donePage } from '../pages/done.ts';
import type { EnrollDeps } from '../patient/deps.ts';
import { show } from './surface.ts';

const lastPractice = statement(
  'enrollment.last-practice-of',
  { practice_id: 'int4' },
  `select practice_id from invitation
   where used_by = $1 and kind in ('patient', 'representative') order by used_at desc limit 1`,
);

/** Registers the last page of enrollment, which suggests what to do next. */
export function doneRoutes(app: FastifyInstance, deps: EnrollDeps): void {
  app.get<{ Querystring: { mail?: unknown; added?: unknown } }>('/enroll/done', async (request, reply) => {
    const { accountId } = await deps.signedIn.patient(request);
    const practiceId = await practiceOf(deps.db, accountId);
    const person = await findPerson(deps.db, accountId);
    const factors = await factorsOf(deps.db, accountId);
    if (practiceId === undefined || person === undefined || factors === undefined)
      return reply.redirect('/account', 303);
    const { mail, added } = request.query;
    const { displayName: name, username } = person;
    const page = { name, username, added: added === '1', toConfirm: mail === '1', offerApp: !hasSecondFactor(factors) };
    return show(reply, donePage(await deps.framing.ofPractice(request, practiceId), page));
  });
}

async function practiceOf(db: Executor, accountId: AccountId): Promise<PracticeId | undefined> {
  return (await db.query(lastPractice, [accountId]))[0]?.practice_id as PracticeId | undefined;
}
