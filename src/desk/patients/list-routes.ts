import type { FastifyInstance } from 'fastify';
import { isUuid, type PatientId } from '../../kernel/index.ts';
import { fieldsOf, typed } from '../form.ts';
import { staffAt } from '../roles.ts';
import type { PatientsDeps } from './deps.ts';
import { listPage } from './list-page.ts';
import { type FoundPatients, type PatientSearch, searchPatients } from './search.ts';
import { isStatus, STATUSES } from './status.ts';
import { wantedBy } from './words.ts';

/** Result for text that can't match anything. An empty search, in contrast, lists all patients. */
const NOBODY: FoundPatients = {
  patients: [],
  counts: Object.fromEntries(STATUSES.map((status) => [status, 0])) as FoundPatients['counts'],
  more: false,
};

/** Registers the patient list, which all staff of the practice may use. */
export function listRoutes(app: FastifyInstance, deps: PatientsDeps): void {
  app.get('/practice/:practiceId/patients', async (request, reply) => {
    const { session, job } = await staffAt(deps, request);
    const query = fieldsOf(request.query);
    const searchText = typed(query, 'words');
    const status = isStatus(query['status']) ? query['status'] : undefined;
    const after = isUuid(query['after'] ?? '') ? (query['after'] as PatientId) : undefined;
    const { practiceId } = job;
    const found = await search(searchText, { practiceId, status, after, now: deps.clock.now() });
    // Leaves out the search text, which is usually a patient's name.
    await deps.audit.record({
      kind: 'enrollment',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { action: 'list', practice: practiceId, patients: found.patients.length },
    });
    const csrf = deps.cookies.csrf(request, reply);
    const page = listPage(
      { session, job, csrf, words: searchText, status, first: after === undefined, found },
      deps.framing.forStaff(request),
    );
    return reply.type('text/html; charset=utf-8').send(page);
  });

  async function search(searchText: string, about: Omit<PatientSearch, 'wanted'>): Promise<FoundPatients> {
    const query = wantedBy(searchText);
    return query === undefined ? NOBODY : searchPatients(deps.db, { ...about, wanted: query });
  }
}
