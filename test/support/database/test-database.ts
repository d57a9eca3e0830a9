import { inject } from 'vitest';

/** The PostgreSQL that this run of the test file uses. The file runs once on each available one. */
export function testDatabase(): string {
  const { url } = inject('databases')[Number(process.env['TEST_DATABASE'] ?? 0)] ?? {};
  if (url === undefined) throw new Error('the global set-up provides a database');
  return url;
}
