import {
  AUDIT_KINDS,
  type AuditLogEntry,
  collectAuditLog,
  findArchivedPart,
  searchAuditLog,
} from '../../audit/index.ts';
import { type AccountId, days, later, Problem } from '../../kernel/index.ts';
import {
  AuditLogQuery,
  AuditLogResponse,
  ERROR_RESPONSES,
  type PortalApi,
  type PortalContext,
} from '../../portal-api/index.ts';
import { formatAuditCsv } from './audit-csv.ts';
import { formatAuditCursor, formatSearchCommand, parseAuditCursor, parseAuditQuery } from './audit-query.ts';

const PAGE = 50;
/**
 * Maximum number of rows in a CSV file, more than anyone reads. Administrators can use narrower
 * filters to get the rest.
 */
const MAX_EXPORTED = 10_000;
/** Most steps of the search for a file, each of at most 10,000 events. */
const MAX_STEPS = 200;

/**
 * Adds the routes with which administrators read the audit log of the installation. The patient of
 * an event isn't shown, because administrators have no access to patients.
 */
export function auditRoutes(api: PortalApi, { db, clock, guard, audit }: PortalContext): void {
  const tags = ['operations'];

  const searching = {
    tags,
    summary: 'Search the audit log',
    querystring: AuditLogQuery,
    response: { 200: AuditLogResponse, ...ERROR_RESPONSES },
  };
  api.get('/review/audit', { schema: searching }, async (request) => {
    const { accountId } = await guard.reviewer(request);
    const query = parseAuditQuery(request.query, clock.now());
    const after = parseAuditCursor(request.query.after);
    const { entries, next, isStopped } = await searchAuditLog(db, query, { after, limit: PAGE });
    const archived = await findArchivedPart(db, query);
    await appendQueryEvent(request, accountId, 'search');
    return {
      from: toDay(query.from),
      to: query.lastDay,
      kinds: [...AUDIT_KINDS],
      archived: archived === undefined ? null : describeArchived(request.query, archived),
      entries: entries.map(toAuditEntry),
      next: formatAuditCursor(next),
      searchedTo: isStopped && next !== undefined ? next.at.toISOString() : null,
    };
  });

  const exporting = {
    tags,
    summary: `Download the search result as CSV, up to ${MAX_EXPORTED} events`,
    querystring: AuditLogQuery,
    response: { ...ERROR_RESPONSES },
  };
  api.get('/review/audit.csv', { schema: exporting }, async (request, reply) => {
    const { accountId } = await guard.reviewer(request);
    const query = parseAuditQuery(request.query, clock.now());
    const { entries, isStopped } = await collectAuditLog(db, query, {
      after: parseAuditCursor(request.query.after),
      limit: MAX_EXPORTED,
      maxSteps: MAX_STEPS,
    });
    await appendQueryEvent(request, accountId, 'export');
    if (isStopped)
      throw new Problem('too-large', {
        status: 413,
        message: 'This search reads too many events. Choose a shorter period, or more filters.',
      });
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .serializer((text: string) => text)
      .send(formatAuditCsv(entries) as never);
  });

  /** Appends an audit event that an administrator read the audit log. */
  function appendQueryEvent(
    request: { readonly id: string; readonly query: AuditLogQuery },
    accountId: AccountId,
    action: string,
  ): Promise<void> {
    const { after: _after, ...filters } = request.query;
    return audit.append({
      kind: 'audit-query',
      outcome: 'success',
      requestId: request.id,
      accountId,
      detail: { action, asked: filters },
    });
  }
}

const toDay = (at: Date): string => at.toISOString().slice(0, 10);

function describeArchived(query: AuditLogQuery, part: { readonly from: Date; readonly to: Date }) {
  const period = { from: toDay(part.from), to: toDay(later(part.to, -days(1))) };
  return { ...period, command: formatSearchCommand(query, period) };
}

const toAuditEntry = ({
  at,
  requestId,
  accountId,
  person,
  personKind,
  practice,
  clientId,
  app,
  type,
  resources,
  patients,
  ...entry
}: AuditLogEntry) => ({
  ...entry,
  at: at.toISOString(),
  requestId: requestId ?? null,
  accountId: accountId ?? null,
  person: person ?? null,
  personKind: personKind ?? null,
  practice: practice ?? null,
  clientId: clientId ?? null,
  app: app ?? null,
  type: type ?? null,
  resources: resources ?? null,
  patients: patients ?? null,
});
