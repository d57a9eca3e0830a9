import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../src/database/index.ts';
import { cli } from '../support/processes.ts';
import { testDatabase } from '../support/test-database.ts';

const name = `cli_${randomBytes(6).toString('hex')}`;
const DATABASE_URL = Object.assign(new URL(testDatabase()), { pathname: `/${name}` }).href;
let admin: Database;
beforeAll(async () => {
  admin = openDatabase({ connectionString: testDatabase() }, 1);
  await admin.queryText(`create database ${name}`, []);
});
afterAll(async () => {
  await admin.queryText(`drop database ${name}`, []);
  await admin.close();
});

interface Finding {
  readonly about: string;
  readonly state: string;
  readonly mend?: string;
}
async function doctor(settings: Record<string, string> = {}) {
  const { code, out } = await cli(['doctor', '--json'], { DATABASE_URL, SANDBOX: 'off', ...settings });
  const findings = JSON.parse(out) as readonly Finding[];
  return { code, of: (about: string) => findings.filter((one) => one.about === about), findings };
}

it('doctor says what is broken and how to mend it, and by its exit code that something is', {
  timeout: 90_000,
}, async () => {
  const first = await doctor();
  expect(first.of('database')).toMatchObject([{ state: 'fine' }]);
  expect(first.of('clock')).toMatchObject([{ state: 'fine' }]);
  expect(first.of('keys')).toMatchObject([{ state: 'broken', mend: expect.stringContaining('Start the server') }]);
  expect(first.code).toBe(1);
  await cli(['keys', 'rotate', '--leaked'], { DATABASE_URL, SANDBOX: 'off' });
  const mended = await doctor();
  expect(mended.of('keys')).toMatchObject([{ state: 'fine' }]);
  expect([mended.code, mended.findings.filter(({ state }) => state === 'broken')]).toEqual([0, []]);
});

it('doctor tries the mail server, and tells settings that do not go together', { timeout: 60_000 }, async () => {
  const settings = { SMTP_URL: 'smtp://127.0.0.1:1', MAIL_FROM: 'a@b.example', PUBLIC_URL: 'https://b.example' };
  const { code, of } = await doctor(settings);
  expect(of('mail')).toMatchObject([{ state: 'broken', mend: expect.stringContaining('SMTP_URL') }]);
  expect(of('configuration')).toMatchObject([{ state: 'look', mend: expect.stringContaining('TRUST_PROXY') }]);
  expect(code).toBe(1);
});
