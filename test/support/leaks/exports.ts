import { addGroup } from '../../../src/fhir/index.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import type { FhirServer } from '../fhir/fhir-server.ts';
import type { RequestMaker } from './exhaustive-requests.ts';
import type { LeakRequest } from './requests.ts';

/** Adds a group of all patients of a practice, and an export of that practice by its own backend app. */
export async function addExport(server: FhirServer, practiceId: number, name: string): Promise<void> {
  await addGroup(server.db, server.clock.now(), {
    groupId: `0000000${practiceId}-0000-4000-8000-eeeeeeeeeeee`,
    practiceId: practiceId as PracticeId,
    name,
    everyone: true,
  });
  const backend = `of practice ${practiceId}`;
  const token = await server.token('', { scope: 'system/*.rs', practices: [practiceId], record: false, backend });
  const { statusCode, body } = await server.get(token, '/Patient/$export', { prefer: 'respond-async' });
  if (statusCode !== 202) throw new Error(`no export: ${statusCode} ${body}`);
}

/**
 * Returns URLs of groups and exports that a client must not use. For a backend app these are those of other practices.
 * For other clients these are all, including the URLs that start an export or list groups.
 * @param practiceId practice of the backend app; undefined for other clients
 */
export async function listExportUrls({ db }: FhirServer, practiceId?: number): Promise<readonly string[]> {
  const groups = await db.queryText<{ id: string }>(
    'select group_id as id from patient_group where $1::int is null or practice_id <> $1 order by id',
    [practiceId ?? null],
  );
  const jobs = await db.queryText<{ id: string }>(
    'select job_id as id from export_job where $1::int is null or practice_ids <> array[$1::int] order by practice_ids',
    [practiceId ?? null],
  );
  return [
    ...groups.flatMap(({ id }) => [`/Group/${id}`, `/Group/${id}/$export`]),
    ...jobs.flatMap(({ id }) => [`/export/${id}`, `/export/${id}/1-Patient.ndjson`]),
    ...(practiceId === undefined
      ? ['/Patient/$export', '/Patient/$export?_type=Observation', '/Group', '/Group?_id=x']
      : []),
  ];
}

const ASYNC = { accept: 'application/fhir+json', prefer: 'respond-async' };
const PARAMETERS = JSON.stringify({
  resourceType: 'Parameters',
  parameter: [{ name: '_type', valueString: 'Patient' }],
});

/**
 * Requests for groups and exports that an attacker must not use. Only backend apps have exports, each only its own
 * (SMART Backend Services).
 */
export const exportRequests = (): readonly RequestMaker[] =>
  Array.from({ length: MOST }, (_, at) => at).flatMap((at) =>
    [false, true].map(
      (byPost): RequestMaker =>
        ({ bulk = [] }) => {
          const path = bulk[at % bulk.length] ?? '/Patient/$export';
          const request: LeakRequest = { kind: 'each export', method: 'GET', path, headers: ASYNC, isDenied: true };
          if (!byPost || !path.includes('$export')) return request;
          const headers = { ...ASYNC, 'content-type': 'application/fhir+json' };
          return { ...request, kind: 'each export by POST', method: 'POST', headers, payload: PARAMETERS };
        },
    ),
  );

/** Maximum number of URLs that are tried. */
const MOST = 12;
