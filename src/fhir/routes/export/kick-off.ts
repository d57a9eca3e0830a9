import { authorize, printScopes } from '../../../access/index.ts';
import { badRequest, Problem } from '../../../kernel/index.ts';
import type { ExportRequest } from '../../export/export-request.ts';
import { countJobs, insertJob, type NewJob } from '../../export/job-store.ts';
import { findKnownPatients } from '../../export/known-patients.ts';
import { getExportTypes, planExport } from '../../export/plan-export.ts';
import { readExportRequest } from '../../export/read-export-request.ts';
import { findGroup } from '../../groups/group-store.ts';
import type { ExportOperation } from '../../model/export-operations.ts';
import { invalidSearch } from '../../search/values/search-value.ts';
import { notFound } from '../read/read.ts';
import { readOperationPairs } from '../request/parameters-body.ts';
import { createExportEvent, type ExportCall } from './call.ts';
import { exportJobUrl } from './manifest.ts';

/**
 * Limits for the exports of one app: how many may be waiting or running at once, and how many the server stores in
 * total.
 */
const MAX_OPEN = 3;
const MAX_STORED = 20;

/**
 * Handles a kick-off request (Bulk Data 2.0): rejects what can't be exported, or stores a job that any server process
 * may run.
 * @param groupId id of the Group to export; undefined for an export of all patients or of the whole server. These two
 * are the same, because everything of a practice belongs to a patient or to its directory
 * @throws Problem 400, 403, 404, or 429 if the app has too many exports
 */
export async function handleKickOff(
  call: ExportCall,
  { type }: ExportOperation,
  groupId: string | undefined,
): Promise<{ readonly resources: number }> {
  const { deps, context, request, reply } = call;
  const { exports, version } = deps;
  requireHeaders(call);
  const readOptions = { version, base: context.base, lenient: prefers(call, /\bhandling\s*=\s*"?lenient\b/i) };
  const { exportRequest: requested, names } = readExportRequest(readOperationPairs(request), {
    ...readOptions,
    byPost: request.method === 'POST',
    ofServer: type === undefined,
  });
  // Scopes are checked before any data is read, so the response does not reveal whether a Group exists.
  planExport(context, requested);
  const practices = await findPractices(call, groupId);
  const types = getExportTypes(context, requested);
  await requirePatients(call, requested, { practices, groupId });
  const { clientId, grantId, familyId, scopes } = context.grant;
  const job: NewJob = {
    jobId: exports.random.uuid(),
    clientId,
    grantId,
    familyId,
    scope: printScopes(scopes),
    practices,
    groupId,
    exportRequest: { ...requested, types },
    request: `${new URL(context.base).origin}${request.raw.url ?? ''}`,
  };
  const detail = {
    action: 'start',
    job: job.jobId,
    ...(groupId === undefined ? {} : { group: groupId }),
    parameters: names,
    types,
  };
  await exports.db.transaction(async (tx) => {
    requireFreeSlot(await countJobs(tx, clientId, context.now));
    await insertJob(tx, context.now, job);
    await exports.disclosureLog.appendAllInTransaction(tx, [
      createExportEvent(context.grant, request.id, 'success', detail),
    ]);
  });
  reply.code(202).headers({ 'content-location': exportJobUrl(context.base, job.jobId), 'cache-control': 'no-store' });
  void reply.send();
  return { resources: 0 };
}

const prefers = ({ request }: ExportCall, preference: RegExp): boolean =>
  preference.test(String(request.headers['prefer'] ?? ''));

const ACCEPTED = /^\s*(application\/(fhir\+json|json|\*)|\*\/\*)\s*(;|$)/i;

/** Checks the Accept and Prefer headers of a kick-off request (Bulk Data 2.0, kick-off). */
function requireHeaders(call: ExportCall): void {
  const { accept } = call.request.headers;
  if (accept !== undefined && !accept.split(',').some((range) => ACCEPTED.test(range)))
    throw badRequest('Start exports with "Accept: application/fhir+json". The files are NDJSON.');
  if (!prefers(call, /\brespond-async\b/i))
    throw badRequest('Exports run asynchronously. Start them with "Prefer: respond-async".');
}

async function findPractices(
  { deps, context: { grant } }: ExportCall,
  groupId: string | undefined,
): Promise<NewJob['practices']> {
  if (groupId === undefined) return grant.practices;
  const group = await findGroup(deps.exports.db, grant.practices, groupId);
  if (group === undefined) throw notFound('Group with this id');
  return [group.practiceId];
}

/**
 * Rejects a request that names an unknown patient, but only if the app may see all patients. Other apps must not learn
 * who is a patient, so unknown patients are missing in their export without an error.
 */
async function requirePatients(
  { deps, context: { grant } }: ExportCall,
  { patients }: ExportRequest,
  { practices, groupId }: Pick<NewJob, 'practices' | 'groupId'>,
): Promise<void> {
  if (patients === undefined || !authorize(grant, 's', ['Patient']).some(({ queries }) => queries.length === 0)) return;
  const known = await findKnownPatients(deps.exports.db, practices, patients, groupId);
  const unknown = patients.filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  const examples = unknown.slice(0, 5).map((id) => `Patient/${id}`);
  throw invalidSearch(
    `${unknown.length} of the named patients are not ${groupId === undefined ? 'at the practices of this app' : 'in this group'}: ${examples.join(', ')}${unknown.length > 5 ? ' …' : ''}`,
  );
}

/** Throws 429 while the app has too many exports (Bulk Data 2.0, kick-off, response). */
function requireFreeSlot({ open, kept: stored }: { readonly open: number; readonly kept: number }): void {
  if (open >= MAX_OPEN) {
    throw new Problem('too-many-attempts', {
      status: 429,
      message: `This app already has ${open} exports in progress, the maximum. Wait for one, or cancel one.`,
      retryAfter: 30,
    });
  }
  if (stored >= MAX_STORED) {
    throw new Problem('too-many-attempts', {
      status: 429,
      message: `This app has ${stored} stored exports, the maximum. Delete those it has downloaded, or wait until they expire.`,
      retryAfter: 300,
    });
  }
}
