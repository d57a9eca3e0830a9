import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { findAccountByUsername, listAccountRecords } from '../../src/identity/index.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();

it('patients add creates one account for a patient, once', { timeout: 60_000 }, async () => {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, JSON.stringify(patient('1', 'Ann')));
  await run('load', file);
  const [{ id }] = (await run('patients', 'list')).answer;
  const { answer } = await run('patients', 'add', id.toUpperCase(), '--username', 'ann');
  expect(answer).toMatchObject({ username: 'ann', patient: id, practice: 'Live practice' });
  const account = await findAccountByUsername(db(), 'ann');
  expect(account).toMatchObject({ kind: 'patient', lockedAt: null, published: false });
  expect(await listAccountRecords(db(), account?.accountId as never)).toMatchObject([
    { patientId: id, relation: 'self' },
  ]);
  expect((await run('patients', 'add', id, '--username', 'ann')).err).toContain('The username ann is taken');
  expect((await run('patients', 'add', 'nobody')).err).toContain('No patient with the id nobody');
});
