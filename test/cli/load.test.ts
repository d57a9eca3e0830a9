import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { patient } from '../support/charts.ts';
import { temporaryFolder } from '../support/folders.ts';
import { cli } from '../support/processes.ts';
import { testDatabase } from '../support/test-database.ts';

const name = `cli_${randomBytes(6).toString('hex')}`;
const url = Object.assign(new URL(testDatabase()), { pathname: `/${name}` }).href;
let admin: Database;
beforeAll(async () => {
  admin = openDatabase({ connectionString: testDatabase() }, 1);
  await admin.queryText(`create database ${name}`, []);
});
afterAll(async () => {
  await admin.queryText(`drop database ${name}`, []);
  await admin.close();
});

it('load --source tells apart the patients of systems that count them alike', { timeout: 60_000 }, async () => {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, JSON.stringify(patient('1', 'Ann')));
  const load = async (...words: string[]) => {
    const { code, out, err } = await cli(['load', file, '--json', ...words], { DATABASE_URL: url, SANDBOX: 'off' });
    return { code, err, report: out === '' ? undefined : JSON.parse(out) };
  };
  expect((await load()).report).toMatchObject({ created: 1, unchanged: 0 });
  expect((await load('--source', 'load')).report).toMatchObject({ created: 0, unchanged: 1 });
  expect((await load('--source', 'hospital')).report).toMatchObject({ created: 1, unchanged: 0 });
  const refused = await load('--source', 'no spaces');
  expect(refused.code).not.toBe(0);
  expect(refused.err).toContain('name of a source');
});

it('load says of a transaction with a refused entry that nothing of it is stored', { timeout: 60_000 }, async () => {
  const file = path.join(temporaryFolder(), 'visit.json');
  const entry = [patient('7', 'Ann'), { resourceType: 'Observation', id: 'o', status: 'final', code: {} }].map(
    (resource) => ({ resource }),
  );
  writeFileSync(file, JSON.stringify({ resourceType: 'Bundle', type: 'transaction', entry }));
  const { code, out } = await cli(['load', file], { DATABASE_URL: url, SANDBOX: 'off' });
  expect(code).toBe(1);
  expect(out.split('\n')).toEqual([
    '0 records: 0 resources created, 0 updated.',
    '1 refused:',
    '  visit.json, entry 2: Observation/o: It does not say which patient it is about.',
    'A transaction was refused as a whole, nothing of it is stored. Of a Bundle of type batch the rest goes in:',
    '  visit.json: its other 1 resource was not stored because of entry 2.',
    '',
  ]);
});
