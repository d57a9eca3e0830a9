import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, print } = cliDatabase();

it('load --source distinguishes patients of systems that use the same ids', { timeout: 60_000 }, async () => {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, JSON.stringify(patient('1', 'Ann')));
  const load = (...words: string[]) => run('load', file, ...words);
  expect((await load()).answer).toMatchObject({ created: 1, unchanged: 0 });
  expect((await load('--source', 'load')).answer).toMatchObject({ created: 0, unchanged: 1 });
  expect((await load('--source', 'hospital')).answer).toMatchObject({ created: 1, unchanged: 0 });
  const rejected = await load('--source', 'no spaces');
  expect(rejected.code).not.toBe(0);
  expect(rejected.err).toContain('--source must have');
});

it('load reports that nothing of a transaction with a rejected entry is stored', { timeout: 60_000 }, async () => {
  const file = path.join(temporaryFolder(), 'visit.json');
  const entry = [patient('7', 'Ann'), { resourceType: 'Observation', id: 'o', status: 'final', code: {} }].map(
    (resource) => ({ resource }),
  );
  writeFileSync(file, JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
  const { code, out } = await print(['load', file]);
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    '0 records: 0 resources created, 0 updated.',
    '1 rejected:',
    '  visit.json, entry 2: Observation/o: The resource does not name its patient.',
    'A transaction was rejected, so none of it is stored (a Bundle of type batch would store its valid resources):',
    '  visit.json: its other 1 resource was not stored because of entry 2.',
    '',
  ]);
});
