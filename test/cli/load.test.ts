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
