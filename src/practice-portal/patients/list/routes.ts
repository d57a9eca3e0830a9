import type { FastifyInstance } from 'fastify';
import {
  ENROLLMENT_STATUSES,
  isEnrollmentStatus,
  type PatientListOrder,
  type PatientListQuery,
  type PatientListResult,
  parsePatientSearch,
  SORT_COLUMNS,
  searchPatients,
} from '../../../enrollment/index.ts';
import { isUuid, type PatientId, sendHtml } from '../../../kernel/index.ts';
import { parseFields, trimmedField } from '../../parse-fields.ts';
import { loadStaffContext } from '../../roles.ts';
import type { PatientAdminDeps } from '../deps.ts';
import { renderPatientList } from './page.ts';

/** Result for search text that can't match any patient. An empty search, in contrast, lists all patients. */
const NO_PATIENTS: PatientListResult = {
  patients: [],
  counts: Object.fromEntries(ENROLLMENT_STATUSES.map((status) => [status, 0])) as PatientListResult['counts'],
  hasMore: false,
  isPartial: false,
  isBehind: false,
};

/** Registers the patient list, which all staff of the practice may use. */
export function patientListRoutes(app: FastifyInstance, deps: PatientAdminDeps): void {
  app.get('/practice/:practiceId/patients', async (request, reply) => {
    const { session, job } = await loadStaffContext(deps, request);
    const query = parseFields(request.query);
    const searchText = trimmedField(query, 'words');
    const status = isEnrollmentStatus(query['status']) ? query['status'] : undefined;
    const order = parseOrder(query['sort'] ?? '');
    const after = isUuid(query['after'] ?? '') ? (query['after'] as PatientId) : undefined;
    const { practiceId } = job;
    const found = await search(searchText, { practiceId, status, order, after, now: deps.clock.now() });
    // The audit event leaves out the search text, which is usually a patient's name.
    await deps.audit.append({
      kind: 'enrollment',
      outcome: 'success',
      requestId: request.id,
      accountId: session.accountId,
      detail: { action: 'list', practice: practiceId, patients: found.patients.length },
    });
    const csrf = deps.cookies.csrf(request, reply);
    const page = renderPatientList(
      { session, job, csrf, searchText, status, order, isFirstPage: after === undefined, result: found },
      deps.framing.forStaff(request),
    );
    return sendHtml(reply, page);
  });

  async function search(searchText: string, about: Omit<PatientListQuery, 'terms'>): Promise<PatientListResult> {
    const query = parsePatientSearch(searchText);
    return query === undefined ? NO_PATIENTS : searchPatients(deps.db, { ...about, terms: query });
  }
}

/** Parses the order of the list, such as `birth-date` and, descending, `-birth-date`. Anything else sorts by name. */
function parseOrder(text: string): PatientListOrder {
  const column = SORT_COLUMNS.find((name) => text === name || text === `-${name}`);
  return column === undefined ? { column: 'name', descending: false } : { column, descending: text.startsWith('-') };
}
