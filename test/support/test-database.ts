import { inject } from 'vitest';

/** URL of the PostgreSQL that this run of a test file is for: each file runs on each there is. */
export function testDatabase(): string {
  const { url } = inject('databases')[Number(process.env['TEST_DATABASE'] ?? 0)] ?? {};
  if (url === undefined) throw new Error('the global set-up provides a database');
  return url;
}
