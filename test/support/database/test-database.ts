import { inject } from 'vitest';
import { CLUSTER } from './cluster.ts';

/** The PostgreSQL that this run of the test file uses. The file runs once on each available one. */
export function testDatabase(): string {
  const databases = inject('databases');
  const wanted = process.env['TEST_DATABASE'];
  const { url } = (wanted === undefined ? databases[0] : databases.find(({ name }) => name === wanted)) ?? {};
  if (url === undefined) throw new Error('the global set-up provides a database');
  return url;
}

/** Whether this run of the test file uses the cluster of TEST_CITUS_URL. */
export const isOnCluster = (): boolean => testDatabase() === CLUSTER;
