import type { FastifyInstance } from 'fastify';
import { isUuid, type PatientId } from '../../kernel/index.ts';
import { fieldsOf, typed } from '../form.ts';
import { staffAt } from '../roles.ts';
import type { PatientsDeps } from './deps.ts';
import { listPage } from './list-page.ts';
import { type FoundPatients, type PatientSearch, searchPatients } from './search.ts';
import { isStatus, STATUSES } from './status.ts';
import { wantedBy } from './words.ts';

/** Words that can find nobody find nobody: everybody is not what was asked for. */
const NOBODY: FoundPatients = {
  patients: [],
  counts: Object.fromEntries(STATUSES.map((status) => [status, 0])) as FoundPatients['counts'],
  more: false,
};

/** The search is for everyone who works at the practice. */
export function listRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  app.get('/practice/:practiceId/patients', async (request, reply) => {
    const { session, job } = await staffAt(deps, request);
    const query = fieldsOf(request.query);
    const words = typed(query, 'words');
    const status = isStatus(query['status']) ? query['status'] : undefined;
    const after = isUuid(query['after'] ?? '') ? (query['after'] as PatientId) : undefined;
    const { practiceId } = job;
    const found = await search(words, { practiceId, status, after, now: deps.clock.now() });
    // Never the words: they are a patient's name.
    await deps.audit.record({
      kind: 'enrollment',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { action: 'list', practice: practiceId, patients: found.patients.length },
    });
    const csrf = deps.cookies.csrf(request, reply);
    const page = listPage(
      { session, job, csrf, words, status, first: after === undefined, found },
      deps.framing.forStaff(request),
    );
    return reply.type('text/html; charset=utf-8').send(page);
  });

  async function search(words: string, about: Omit<PatientSearch, 'wanted'>): Promise<FoundPatients> {
    const wanted = wantedBy(words);
    return wanted === undefined ? NOBODY : searchPatients(deps.db, { ...about, wanted });
  }
}
