/** Tables with the contents of records. All rows of a record are on one machine. */
export const RECORD_TABLES = [
  'resource',
  'resource_history',
  'projection',
  'conversion',
  'document',
  'tombstone',
  'merged_resource',
  'retraction',
] as const;

/**
 * Tables whose rows Citus distributes over several machines: the contents of records, and the id registries of practices.
 * All other tables are on the coordinator only. The order is that in which they are distributed.
 */
export const DISTRIBUTED_TABLES = [...RECORD_TABLES, 'resource_key'] as const;
export type DistributedTable = (typeof DISTRIBUTED_TABLES)[number];

/** Returns the column whose value decides on which machine a row of a table is. */
export const distributionColumn = (table: DistributedTable): 'record_id' | 'practice_id' =>
  table === 'resource_key' ? 'practice_id' : 'record_id';

/** Functions that statements call while a worker runs them. They don't read tables or settings of the session. */
export const WORKER_FUNCTIONS = ['public.reference_token(text,text,uuid)'] as const;

/**
 * Triggers of distributed tables, which Citus doesn't support. They serve processes of releases before the versions of
 * records and their conversions, so they aren't needed when none of these uses the database.
 */
export const RELEASE_TRIGGERS = [
  {
    table: 'resource',
    name: 'written_by_earlier_release',
    definition:
      'create or replace trigger written_by_earlier_release after insert or update of content, indexed_by on public.resource for each row when (new.indexed_by < 5) execute function public.fhir_written_by_earlier_release()',
  },
  {
    table: 'projection',
    name: 'converted_by_earlier_release',
    definition:
      'create or replace trigger converted_by_earlier_release after insert or delete or update on public.projection for each row execute function public.fhir_converted_by_earlier_release()',
  },
] as const satisfies readonly {
  readonly table: DistributedTable;
  readonly name: string;
  readonly definition: string;
}[];
