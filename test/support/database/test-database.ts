import { inject } from 'vitest';

/** The URL of the PostgreSQL for this test file, which runs once on each available one. */
export function testDatabase(): string {
  const { url } = inject('databases')[Number(process.env['TEST_DATABASE'] ?? 0)] ?? {};
  if (url === undefined) throw new Error('the global set-up provides a database');
  return url;
}
