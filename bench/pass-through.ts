// The ceiling that FHIR responses are compared with: the same rows from the same database by their keys, sent as the
// same bytes with the same headers, to any origin, and compressed if requested. No token is required, nothing is
// enforced and nothing is audited.
import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { type Database, statement } from '../src/database/index.ts';

/** A response of the reference: fixed text around rows that it reads from the database for each request. */
export interface PassThroughResponse {
  readonly contentType: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly recordId: number;
  readonly type: string;
  /**
   * Selects the rows. `ids`: the rows with these keys. `newest`: this number of the newest rows. `batch`: the whole
   * record as a stream, in batches of this size.
   */
  readonly rows: { readonly ids: readonly string[] } | { readonly newest: number } | { readonly batch: number };
  /** The text around the entries of a Bundle. Undefined if the response is a single row. */
  readonly bundle: { readonly head: string; readonly base: string; readonly tail: string } | undefined;
}

const ROW = { id: 'uuid', content: 'text' } as const;
const byId = statement(
  'bench.by-id',
  ROW,
  'select id, content from resource where record_id = $1 and type = $2 and id = $3',
);
const byIds = statement(
  'bench.by-ids',
  ROW,
  `select id, content from resource where record_id = $1 and type = $2 and id = any($3::uuid[])
   order by sort_at desc, id desc`,
);
const newest = statement(
  'bench.newest',
  ROW,
  `select id, content from resource where record_id = $1 and type = $2 order by sort_at desc, id desc limit $3`,
);
const inKeyOrder = statement(
  'bench.in-key-order',
  { type: 'text', ...ROW },
  `select type, id, content from resource where record_id = $1 and (type, id) > ($2, $3::uuid) order by type, id limit $4`,
);

export function passThroughRoutes(scope: FastifyInstance, db: Database): void {
  const stored = new Map<string, PassThroughResponse>();
  scope.put<{ Params: { name: string }; Body: Buffer }>('/:name', async (request) => {
    stored.set(request.params.name, JSON.parse(request.body.toString()));
    return {};
  });
  scope.get<{ Params: { name: string } }>('/:name', async (request, reply) => {
    const passed = stored.get(request.params.name);
    if (passed === undefined) throw new Error('nothing kept');
    const { rows, contentType, headers } = passed;
    reply.type(contentType).headers(headers);
    if ('batch' in rows) return reply.send(Readable.from(wholeRecord(db, passed, rows.batch)));
    return reply.send(await responseText(db, passed));
  });
}

async function responseText(db: Database, passed: PassThroughResponse): Promise<string> {
  const { type, bundle } = passed;
  const rows = await readRows(db, passed);
  if (bundle === undefined) return rows[0]?.content ?? '';
  const { head, base, tail } = bundle;
  return head + rows.map((row) => entryText(base, { type, ...row })).join(',') + tail;
}

const entryText = (base: string, { type, id, content }: { type: string; id: string; content: string }): string =>
  `{"fullUrl":"${base}/${type}/${id}","resource":${content},"search":{"mode":"match"}}`;

async function* wholeRecord(
  db: Database,
  { recordId, bundle }: PassThroughResponse,
  batch: number,
): AsyncGenerator<string> {
  const { head, base, tail } = bundle ?? { head: '', base: '', tail: '' };
  let last = { type: '', id: '00000000-0000-0000-0000-000000000000' };
  let before = head;
  for (;;) {
    const rows = await db.query(inKeyOrder, [recordId, last.type, last.id, batch]);
    if (rows.length === 0) break;
    yield before + rows.map((row) => entryText(base, row)).join(',');
    before = ',';
    last = rows.at(-1) ?? last;
  }
  yield tail;
}

async function readRows(db: Database, { recordId, type, rows }: PassThroughResponse) {
  if ('batch' in rows) return [];
  if ('newest' in rows) return db.query(newest, [recordId, type, rows.newest]);
  const { ids } = rows;
  return ids.length === 1 ? db.query(byId, [recordId, type, ids[0]]) : db.query(byIds, [recordId, type, ids]);
}
