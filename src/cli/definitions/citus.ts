import type { CommandDefinition } from '../definition.ts';

const DRY_RUN = { text: 'Print the SQL and change nothing' } as const;

export const CITUS_DISTRIBUTE = {
  name: 'citus distribute',
  summary: 'Distribute the contents of records with Citus',
  description:
    'Distribute the tables with the contents of records over the workers of a Citus cluster. DATABASE_URL is its coordinator. An interrupted command continues when it runs again.',
  options: {
    shards: { value: 'N', text: 'Shards of each table (default: 32)' },
    'block-writes': { text: 'Copy faster, and let writes wait meanwhile' },
    'dry-run': DRY_RUN,
  },
  examples: ['citus distribute --dry-run', 'citus distribute'],
  details: [
    '[Distribute the database](../scale.md) explains the cluster, how long it takes, and what to check before.',
    'By default, rows can be written while a table is copied. That needs `wal_level = logical`. The command first updates the search index and the conversions of all records, if a server hasn’t done so. Earlier releases can’t use the database afterwards.',
  ],
} as const satisfies CommandDefinition;

export const CITUS_UNDISTRIBUTE = {
  name: 'citus undistribute',
  summary: 'Bring all rows back to one PostgreSQL',
  description:
    'Bring the rows of all distributed tables back to the coordinator, which needs space for them. A table can’t be used while it is copied. An interrupted command continues when it runs again.',
  options: { 'dry-run': DRY_RUN },
  examples: ['citus undistribute --dry-run', 'citus undistribute'],
  details: ['Stop all servers before. [Distribute the database](../scale.md#go-back) explains what to check.'],
} as const satisfies CommandDefinition;
