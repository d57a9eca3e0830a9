import { type Executor, type RowOf, statement } from '../database/index.ts';
import type { RecordId } from '../kernel/index.ts';

/** An app or a person that read a record. */
export interface RecordReader {
  /** client_id; undefined: in pages of this server. */
  readonly clientId: string | undefined;
  readonly app: string | undefined;
  /** Username; undefined: a backend app. */
  readonly person: string | undefined;
  readonly reads: number;
  /** Of these, those that asked for one of the types. */
  readonly ofTypes: number;
  readonly first: Date;
  readonly last: Date;
}

export interface ReadersAsked {
  readonly recordId: RecordId;
  readonly from: Date;
  /** Inclusive. */
  readonly to: Date;
  /** By their names in every version of FHIR. */
  readonly types: readonly string[];
}

const ROW = {
  client_id: 'text?',
  app: 'text?',
  person: 'text?',
  reads: 'int8',
  of_types: 'int8',
  first: 'timestamptz',
  last: 'timestamptz',
} as const;
const readers = statement(
  'audit.readers-between',
  ROW,
  `select e.client_id, a.name as app, u.username as person, e.reads, e.of_types, e.first, e.last
   from (
     select client_id, account_id, count(*) as reads, count(*) filter (where type = any($4)) as of_types,
       min(at) as first, max(at) as last
     from audit_event
     where record_id = $1 and at >= $2 and at <= $3 and outcome = 'success'
       and kind in ('read', 'search', 'document', 'export', 'record-view')
     group by client_id, account_id) e
   left join app a on a.client_id = e.client_id
   left join account u on u.account_id = e.account_id
   order by e.last desc, e.client_id`,
);

/**
 * Who read a record in a time: whoever is among them may have seen what was in it then. Those who asked for a type are
 * counted by themselves; others may have got it along with what they asked for.
 */
export const readersBetween = async (
  db: Executor,
  { recordId, from, to, types }: ReadersAsked,
): Promise<readonly RecordReader[]> => (await db.query(readers, [recordId, from, to, types])).map(readerOf);

const readerOf = (row: RowOf<typeof ROW>): RecordReader => ({
  clientId: row.client_id ?? undefined,
  app: row.app ?? undefined,
  person: row.person ?? undefined,
  reads: row.reads,
  ofTypes: row.of_types,
  first: row.first,
  last: row.last,
});
