import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAccountByUsername, searchStaffPatients } from '../../src/identity/index.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';
import { testClock } from '../support/servers/server.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 60_000 };

async function load(...resources: readonly object[]): Promise<void> {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, resources.map((one) => JSON.stringify(one)).join('\n'));
  await run('load', file);
}
const idOf = async (type: string): Promise<string> =>
  (await db().queryText<{ id: string }>('select id from shared_resource where type = $1', [type]))[0]?.id ?? '';
/**
 * Loads a patient.
 * @returns the id that the patient has here
 */
async function loadPatient(id: string, family: string): Promise<string> {
  await load(patient(id, family));
  const [row] = await db().queryText<{ patient_id: string }>(
    'select r.patient_id from record r join demographics d on d.record_id = r.record_id where d.family = $1',
    [family],
  );
  return row?.patient_id ?? '';
}
const lastAction = async () =>
  (
    await db().queryText<{ kind: string; detail: object }>(
      'select kind, detail from audit_event order by at desc limit 1',
      [],
    )
  )[0];

describe('staff add', () => {
  it('requires a Practitioner of that practice’s directory, and lists those available', LONG, async () => {
    const command = ['staff', 'add', '--username', 'dana', '--name', 'Dana Doctor, MD', '--practitioner'];
    expect((await run(...command, 'nobody')).err).toContain('has no Practitioner. Load the practice’s clinicians');
    await load(patient('1', 'Frost'), {
      resourceType: 'Practitioner',
      id: 'd',
      name: [{ given: ['Dana'], family: 'Doctor' }],
    });
    const id = await idOf('Practitioner');
    const rejected = await run(...command, 'd');
    expect({ code: rejected.code, err: rejected.err }).toEqual({
      code: 1,
      err: expect.stringContaining(`${id}  Doctor, Dana`),
    });
    expect((await run(...command, id, '--practice', 'Elsewhere')).err).toContain('There is no practice "Elsewhere"');
    expect(await findAccountByUsername(db(), 'dana')).toBeUndefined();

    const { answer } = await run(...command, id);
    expect(answer).toEqual({
      username: 'dana',
      password: expect.stringMatching(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/),
      name: 'Dana Doctor, MD',
      practice: 'Live practice',
      roles: ['clinician'],
    });
    const account = await findAccountByUsername(db(), 'dana');
    expect(account).toMatchObject({ kind: 'staff', published: false, displayName: 'Dana Doctor, MD' });
    expect(await searchStaffPatients(db(), account?.accountId as never, 'Frost')).toHaveLength(1);
    expect(await lastAction()).toEqual({
      kind: 'account',
      detail: { action: 'add', practice: 2, roles: ['clinician'], by: 'command line' },
    });
    expect((await run(...command, id)).err).toContain('The username dana is taken');
  });

  it('rejects a staff account as a representative', LONG, async () => {
    const id = await loadPatient('2', 'Ward');
    const { username } = await addStaffMember({ db: db(), clock: testClock() });
    const rejected = await run(
      ...['representations', 'add', id, '--username', username, '--name', 'Dana', '--relationship', 'GUARD'],
    );
    expect({ code: rejected.code, err: rejected.err }).toEqual({
      code: 1,
      err: expect.stringContaining('a staff account'),
    });
  });
});

describe('accounts lock and unlock', () => {
  it('change the account, and store the reason', LONG, async () => {
    const id = await loadPatient('3', 'Lock');
    await run('patients', 'add', id, '--username', 'ann');
    expect((await run('accounts', 'lock', 'ANN', '--reason', 'as she asked')).answer).toEqual({
      username: 'ANN',
      locked: true,
    });
    expect((await findAccountByUsername(db(), 'ann'))?.lockedAt).toBeInstanceOf(Date);
    expect(await lastAction()).toEqual({
      kind: 'account',
      detail: { action: 'lock', reason: 'as she asked', by: 'command line' },
    });
    expect((await run('accounts', 'unlock', 'ann')).code).toBe(0);
    expect((await findAccountByUsername(db(), 'ann'))?.lockedAt).toBeNull();
    expect(await lastAction()).toMatchObject({ detail: { action: 'unlock' } });
  });

  it('explain errors', LONG, async () => {
    expect(await run('accounts', 'lock', 'nobody')).toMatchObject({
      code: 1,
      err: expect.stringContaining('There is no account with the username nobody'),
    });
    expect((await run('accounts', 'unlock')).err).toContain('Usage: patient-access accounts unlock USERNAME');
  });
});

describe('accounts lost-factor', () => {
  it('prints a one-time link, and records how the operator verified the person’s identity', LONG, async () => {
    const id = await loadPatient('9', 'Lost');
    const added = await run('patients', 'add', id, '--username', 'lost');
    expect(added.code).toBe(0);
    expect((await run('accounts', 'lost-factor', 'lost')).err).toContain('--proofing TEXT');
    const { answer } = await run('accounts', 'lost-factor', 'lost', '--proofing', 'passport seen');
    expect(answer).toEqual({ username: 'lost', link: expect.stringMatching(/\/recover\/[\w-]{43}$/) });
    expect(await lastAction()).toEqual({
      kind: 'factor',
      detail: { action: 'lost-factor-link', by: 'command line', proofing: 'passport seen' },
    });
    const links = await db().queryText('select purpose, used_at from account_link', []);
    expect(links).toEqual([{ purpose: 'lost-factor', used_at: null }]);
  });
  it('rejects an unknown account', LONG, async () => {
    const requestLink = (username: string) => run('accounts', 'lost-factor', username, '--proofing', 'x');
    expect((await requestLink('nobody-there')).err).toContain('There is no account');
  });
});
