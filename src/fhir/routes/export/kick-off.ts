import { permit, printScopes } from '../../../access/index.ts';
import { Problem } from '../../../kernel/index.ts';
import type { ExportOperation } from '../../core/export-operations.ts';
import { invalid } from '../../core/search-value.ts';
import type { ExportAsked } from '../../export/asked.ts';
import { countJobs, insertJob, type NewJob } from '../../export/jobs.ts';
import { knownPatients } from '../../export/patients.ts';
import { planExport, typesOf } from '../../export/plan.ts';
import { readAsked } from '../../export/read-asked.ts';
import { findGroup } from '../../groups/store.ts';
import { pairsSent } from '../parameters-body.ts';
import { notFound } from '../read.ts';
import { type ExportCall, exportEvent } from './call.ts';
import { jobAddress } from './manifest.ts';

/** Of one app: that wait or run at once, and that are kept in all. */
const MOST_OPEN = 3;
const MOST_KEPT = 20;

/**
 * Bulk Data 2.0, kick-off: what can't be done is refused now; what can is put down, and whichever process comes next begins.
 * @param groupId undefined: of all patients, or of the whole server, which has the same: what a practice has is of a patient or in its directory
 */
export async function kickOff(
  call: ExportCall,
  { type }: ExportOperation,
  groupId: string | undefined,
): Promise<{ readonly resources: number }> {
  const { deps, context, request, reply } = call;
  const { exports, version } = deps;
  requireHeaders(call);
  const how = { version, base: context.base, lenient: prefers(call, /\bhandling\s*=\s*"?lenient\b/i) };
  const { asked, names } = readAsked(pairsSent(request), {
    ...how,
    byPost: request.method === 'POST',
    ofServer: type === undefined,
  });
  // Scope before data: what is refused is refused whether there is such a group or not.
  planExport(context, asked);
  const practices = await practicesOf(call, groupId);
  const types = typesOf(context, asked);
  await requirePatients(call, asked, { practices, groupId });
  const { clientId, grantId, familyId, scopes } = context.grant;
  const job: NewJob = {
    jobId: exports.random.uuid(),
    clientId,
    grantId,
    familyId,
    scope: printScopes(scopes),
    practices,
    groupId,
    asked: { ...asked, types },
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
    requireFew(await countJobs(tx, clientId, context.now));
    await insertJob(tx, context.now, job);
    await exports.trail.recordAllWithin(tx, [exportEvent(context.grant, request.id, 'success', detail)]);
  });
  reply.code(202).headers({ 'content-location': jobAddress(context.base, job.jobId), 'cache-control': 'no-store' });
  void reply.send();
  return { resources: 0 };
}

const prefers = ({ request }: ExportCall, wanted: RegExp): boolean =>
  wanted.test(String(request.headers['prefer'] ?? ''));

const TAKEN = /^\s*(application\/(fhir\+json|json|\*)|\*\/\*)\s*(;|$)/i;

/** Bulk Data 2.0, kick-off, headers. */
function requireHeaders(call: ExportCall): void {
  const { accept } = call.request.headers;
  if (accept !== undefined && !accept.split(',').some((range) => TAKEN.test(range)))
    throw refused('An export is started with "Accept: application/fhir+json"; its files are NDJSON.');
  if (!prefers(call, /\brespond-async\b/i))
    throw refused('An export takes its time: start it with "Prefer: respond-async".');
}

const refused = (message: string): Problem => new Problem('bad-request', { status: 400, message });

async function practicesOf(
  { deps, context: { grant } }: ExportCall,
  groupId: string | undefined,
): Promise<NewJob['practices']> {
  if (groupId === undefined) return grant.practices;
  const group = await findGroup(deps.exports.db, grant.practices, groupId);
  if (group === undefined) throw notFound('Group with this id');
  return [group.practiceId];
}

/** Whoever may not see all patients is not told who is one: the export is of those who are. */
async function requirePatients(
  { deps, context: { grant } }: ExportCall,
  { patients }: ExportAsked,
  { practices, groupId }: Pick<NewJob, 'practices' | 'groupId'>,
): Promise<void> {
  if (patients === undefined || !permit(grant, 's', ['Patient']).some(({ queries }) => queries.length === 0)) return;
  const known = await knownPatients(deps.exports.db, practices, patients, groupId);
  const others = patients.filter((id) => !known.has(id));
  if (others.length === 0) return;
  const shown = others.slice(0, 5).map((id) => `Patient/${id}`);
  throw invalid(
    `${others.length} of the patients named are not ${groupId === undefined ? 'at the practices of this app' : 'in this group'}: ${shown.join(', ')}${others.length > 5 ? ' …' : ''}`,
  );
}

/** Bulk Data 2.0, kick-off, response: 429 while there is too much of it. */
function requireFew({ open, kept }: { readonly open: number; readonly kept: number }): void {
  if (open >= MOST_OPEN) {
    throw new Problem('too-many-attempts', {
      status: 429,
      message: `This app has ${open} exports under way, which is as many as it may have. Wait for one, or cancel one.`,
      retryAfter: 30,
    });
  }
  if (kept >= MOST_KEPT) {
    throw new Problem('too-many-attempts', {
      status: 429,
      message: `This app has ${kept} exports here. Remove those it has fetched with DELETE, or wait until they expire.`,
      retryAfter: 300,
    });
  }
}
