import type { FastifyInstance } from 'fastify';
import { statement } from '../../database/index.ts';
import { findAccountProfile, findFactors, hasSecondFactor } from '../../identity/index.ts';
import type { PracticeId, RecordId } from '../../kernel/index.ts';
import { enrollmentDonePage } from '../pages/done.ts';
import type { EnrollmentPageDeps } from '../patient/deps.ts';
import { findSandboxPatient } from '../sandbox/sandbox-patients.ts';
import { sendPage } from './invitation-routes.ts';

const lastInvitation = statement(
  'enrollment.last-used-by',
  { practice_id: 'int4', record_id: 'int8' },
  `select practice_id, record_id from invitation
   where used_by = $1 and kind in ('patient', 'representative') order by used_at desc limit 1`,
);

/** Registers the last page of enrollment, which suggests what to do next. */
export function enrollmentDoneRoutes(app: FastifyInstance, deps: EnrollmentPageDeps): void {
  app.get<{ Querystring: { mail?: unknown; added?: unknown } }>('/enroll/done', async (request, reply) => {
    const { accountId } = await deps.sessionGuard.patient(request);
    const [last] = await deps.db.query(lastInvitation, [accountId]);
    const person = await findAccountProfile(deps.db, accountId);
    const factors = await findFactors(deps.db, accountId);
    if (last === undefined || person === undefined || factors === undefined) return reply.redirect('/account', 303);
    const { mail, added } = request.query;
    const { displayName: name, username } = person;
    const page = {
      name,
      username,
      added: added === '1',
      toConfirm: mail === '1',
      offerApp: !hasSecondFactor(factors),
      sandboxPatient: await findSandboxPatient(deps.db, last.record_id as RecordId),
    };
    const pageContext = await deps.framing.forPractice(request, last.practice_id as PracticeId);
    return sendPage(reply, enrollmentDonePage(pageContext, page));
  });
}
