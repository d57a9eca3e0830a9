import { AUDIT_KINDS, searchTrail, type TrailEntry } from '../../audit/index.ts';
import type { AccountId } from '../../kernel/index.ts';
import type { Api } from '../api/app.ts';
import { REFUSALS } from '../contract/answers.ts';
import { TrailAnswer, TrailAsked } from '../contract/operations.ts';
import type { PortalDeps } from '../deps.ts';
import { csvOfTrail } from './audit-csv.ts';
import { nextOf, positionIn, queryOf } from './audit-query.ts';

const PAGE = 50;
/** Most rows of a CSV file, more than anyone reads. Narrower filters give the rest. */
const MOST_EXPORTED = 10_000;

/**
 * Adds the routes for the audit log of the installation, for its administrators. The patient of an
 * event isn't shown, because administrators have no access to patients.
 */
export function auditRoutes(api: Api, { db, clock, guard, audit }: PortalDeps): void {
  const tags = ['operations'];

  const searching = {
    tags,
    summary: 'Search the audit trail',
    querystring: TrailAsked,
    response: { 200: TrailAnswer, ...REFUSALS },
  };
  api.get('/review/audit', { schema: searching }, async (request) => {
    const { accountId } = await guard.reviewer(request);
    const query = queryOf(request.query, clock.now());
    const after = positionIn(request.query.after);
    const entries = await searchTrail(db, query, { after, limit: PAGE + 1 });
    await appendQueryEvent(request, accountId, 'search');
    return {
      from: query.from.toISOString().slice(0, 10),
      to: query.lastDay,
      kinds: [...AUDIT_KINDS],
      entries: entries.slice(0, PAGE).map(shown),
      next: entries.length > PAGE ? nextOf(entries[PAGE - 1]) : null,
    };
  });

  const exporting = {
    tags,
    summary: `The same as CSV, ${MOST_EXPORTED} events at most`,
    querystring: TrailAsked,
    response: { ...REFUSALS },
  };
  api.get('/review/audit.csv', { schema: exporting }, async (request, reply) => {
    const { accountId } = await guard.reviewer(request);
    const query = queryOf(request.query, clock.now());
    const entries = await searchTrail(db, query, { after: positionIn(request.query.after), limit: MOST_EXPORTED });
    await appendQueryEvent(request, accountId, 'export');
    return reply
      .type('text/csv; charset=utf-8')
      .header('content-disposition', 'attachment; filename="audit.csv"')
      .serializer((text: string) => text)
      .send(csvOfTrail(entries) as never);
  });

  /** Reading the audit log is itself recorded in it. */
  function appendQueryEvent(
    request: { readonly id: string; readonly query: TrailAsked },
    accountId: AccountId,
    action: string,
  ): Promise<void> {
    const { after: _after, ...filters } = request.query;
    return audit.record({
      kind: 'audit-query',
      outcome: 'success',
      requestId: request.id,
      accountId,
      detail: { action, asked: filters },
    });
  }
}

const shown = ({
  at,
  requestId,
  accountId,
  person,
  personKind,
  clientId,
  app,
  type,
  resources,
  ...entry
}: TrailEntry) => ({
  ...entry,
  at: at.toISOString(),
  requestId: requestId ?? null,
  accountId: accountId ?? null,
  person: person ?? null,
  personKind: personKind ?? null,
  clientId: clientId ?? null,
  app: app ?? null,
  type: type ?? null,
  resources: resources ?? null,
});
