import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { makeFolder } from '../support/database/folders.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 180_000 };

const observation = (id: string, status: string) => ({
  resourceType: 'Observation',
  id,
  status,
  code: { text: 'secret words' },
  subject: { reference: 'Patient/p' },
});

async function load(...resources: readonly object[]) {
  const { folder, remove } = makeFolder();
  const file = path.join(folder, 'some.ndjson');
  writeFileSync(file, resources.map((one) => JSON.stringify(one)).join('\n'));
  const loaded = await run('load', file, '--source', 'lab');
  await remove();
  return loaded;
}

describe('validation issues of loaded data', () => {
  let loaded: Awaited<ReturnType<typeof load>>;
  beforeAll(async () => {
    loaded = await load(
      { resourceType: 'Patient', id: 'p' },
      observation('a', 'nonsense'),
      observation('b', 'nonsense'),
      observation('c', 'final'),
    );
  }, LONG.timeout);

  it('are listed by kind, or by resource with the element, and never with values', LONG, async () => {
    expect({ code: loaded.code, answer: loaded.answer }).toMatchObject({
      code: 0,
      answer: { created: 4, refused: [], faulty: 2 },
    });
    const kinds = await run('validation', 'issues');
    expect(kinds.answer).toEqual([
      {
        practice: 'Live practice',
        severity: 'error',
        code: 'code-invalid',
        element: 'Observation.status',
        text: expect.stringContaining('observation-status'),
        profile: null,
        issues: 2,
        resources: 2,
      },
    ]);
    const one = await run('validation', 'issues', '--resources', '--limit', '1');
    expect(one.answer).toMatchObject([
      {
        practice: 'Live practice',
        source: 'lab',
        resource: expect.stringMatching(/^Observation\/[0-9a-f-]{36}$/),
        issues: [{ severity: 'error', path: 'Observation.status' }],
      },
    ]);
    expect(`${kinds.out}${one.out}`).not.toMatch(/nonsense|secret/);
    expect((await run('validation', 'issues', '--type', 'Patient')).answer).toEqual([]);
    expect((await run('validation', 'issues', '--source', 'other')).answer).toEqual([]);
    expect((await run('validation', 'issues', '--limit', '0')).code).toBe(1);
    expect((await run('validation', 'issues', '--practice', 'Nowhere')).code).toBe(1);
  });

  it('a load is in the audit log with its source, its counts and the operator', LONG, async () => {
    const events = await db().queryText<{ outcome: string; detail: object; resources: number }>(
      "select outcome, detail, resources from audit_event where kind = 'write' order by at",
      [],
    );
    expect(events).toMatchObject([
      { detail: { by: 'operator', source: 'lab', step: 'begun', files: 1 } },
      {
        outcome: 'success',
        resources: 4,
        detail: {
          by: 'operator',
          bundle: 'load',
          step: 'done',
          source: 'lab',
          practice: 2,
          created: 4,
          refused: 0,
          faulty: 2,
        },
      },
    ]);
  });
});
