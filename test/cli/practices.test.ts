import { describe, expect, it } from 'vitest';
import { findAccountByUsername, findSession, listStaffPositions, STAFF_ROLES } from '../../src/identity/index.ts';
import { createSession } from '../../src/identity/sessions/session.ts';
import { systemClock as clock, systemRandom as random } from '../../src/kernel/index.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db } = cliDatabase();
const LONG = { timeout: 120_000 };
const lastDetail = async (kind: string) =>
  (
    await db().queryText<{ detail: Record<string, unknown> }>(
      'select detail from audit_event where kind = $1 order by at desc limit 1',
      [kind],
    )
  )[0]?.detail;

describe('practices', () => {
  it('are listed, added with a kind, and distinguished by name', LONG, async () => {
    const [first] = (await run('practices', 'list')).answer;
    expect(first).toMatchObject({ id: 2, name: 'Live practice', kind: 'live', enabled: true });
    const added = await run('practices', 'add', 'North Side', '--kind', 'sandbox', '--time-zone', 'America/Denver');
    expect(added.answer).toEqual({ id: expect.any(Number), name: 'North Side', kind: 'sandbox' });
    const { id } = added.answer;
    expect(id).toBeGreaterThan(2);
    expect((await run('practices', 'list')).answer).toContainEqual({
      id,
      name: 'North Side',
      kind: 'sandbox',
      enabled: true,
      patients: 0,
      staff: 0,
    });
    expect(await lastDetail('practice')).toMatchObject({ action: 'add', practice: id, by: 'command line' });
    const again = await run('practices', 'add', 'north side', '--kind', 'live');
    expect({ code: again.code, err: again.err }).toEqual({
      code: 1,
      err: expect.stringContaining('There already is a practice "north side"'),
    });
    expect((await run('practices', 'add', 'South')).code).toBe(2);
    expect((await run('practices', 'add', 'South', '--kind', 'real')).code).toBe(1);
    expect((await run('practices', 'add', 'South', '--kind', 'live', '--time-zone', 'Mars')).err).toContain(
      'time zone',
    );
  });

  it('are turned off and on, and changed with the validation of their page', LONG, async () => {
    const practice = ['West Side', '--kind', 'sandbox', '--time-zone', 'America/Denver'];
    const { id } = (await run('practices', 'add', ...practice)).answer;
    const off = await run(
      'practices',
      'set',
      'West Side',
      '--enabled',
      'off',
      '--phone',
      '555-010-2030',
      '--color',
      '#0B5F6B',
    );
    expect(off.answer).toMatchObject({
      id,
      enabled: false,
      phone: '555-010-2030',
      color: '#0b5f6b',
      time_zone: 'America/Denver',
    });
    const wrong = await run('practices', 'set', 'West Side', '--enabled', 'on', '--color', 'yellow');
    expect({ code: wrong.code, err: wrong.err }).toEqual({ code: 1, err: expect.stringContaining('#0b5f6b') });
    expect((await run('practices', 'list')).answer).toContainEqual(expect.objectContaining({ id, enabled: false }));
    const taken = await run('practices', 'set', 'West Side', '--name', 'LIVE PRACTICE');
    expect(taken.err).toContain('There already is a practice');
    expect((await run('practices', 'set', 'West Side', '--name', 'Uptown', '--phone', '')).answer).toMatchObject({
      name: 'Uptown',
      phone: '',
    });
    expect((await run('practices', 'set', 'Nowhere', '--enabled', 'on')).err).toContain(
      'There is no practice "Nowhere"',
    );
    expect((await run('practices', 'set', 'Uptown')).code).toBe(2);
    expect((await run('practices', 'set', 'Uptown', '--enabled', 'perhaps')).code).toBe(1);
  });

  it('must be named if there are several live ones and a command needs one', LONG, async () => {
    await run('practices', 'add', 'Second Live', '--kind', 'live');
    const withoutPractice = await run('staff', 'add', '--username', 'fay', '--name', 'Fay', '--role', 'front-desk');
    expect({ code: withoutPractice.code, err: withoutPractice.err }).toEqual({
      code: 1,
      err: expect.stringContaining('There are several live practices'),
    });
    const words = [
      'staff',
      'add',
      '--username',
      'fay',
      '--name',
      'Fay',
      '--role',
      'front-desk',
      '--role',
      'administrator',
    ];
    expect((await run(...words, '--practice', 'Second Live')).answer).toMatchObject({
      roles: ['front-desk', 'administrator'],
    });
    const account = await findAccountByUsername(db(), 'fay');
    expect(await listStaffPositions(db(), account?.accountId as never)).toMatchObject([
      { practiceName: 'Second Live', roles: ['front-desk', 'administrator'], practitionerId: undefined },
    ]);
    const unknown = await run(
      'staff',
      'add',
      '--username',
      'x-1',
      '--name',
      'X',
      '--role',
      'owner',
      '--practice',
      'Second Live',
    );
    expect(unknown.err).toContain(STAFF_ROLES.join(', '));
    const rejected = await run('staff', 'add', '--username', 'x-2', '--name', 'X', '--practice', 'Second Live');
    expect(rejected.err).toContain('has no Practitioner');
  });
});

describe('administrators and accounts', () => {
  it('a link that creates an administrator is printed, and stored as a hash', LONG, async () => {
    const { answer } = await run('administrators', 'invite', '--name', 'Ada Lovelace');
    expect(answer).toEqual({
      name: 'Ada Lovelace',
      link: expect.stringMatching(/^http:\/\/localhost:8080\/join\/[\w-]{43}$/),
      expires_at: expect.any(String),
    });
    const token = answer.link.split('/').at(-1);
    const rows = await db().queryText<{ text: string }>(
      'select i::text as text from invitation i union all select e::text from audit_event e',
      [],
    );
    expect(rows.some(({ text }) => text.includes(token))).toBe(false);
    expect(await lastDetail('staff')).toMatchObject({ action: 'invite', as: 'administrator', by: 'command line' });
    expect((await run('administrators', 'invite')).code).toBe(2);
    expect((await run('administrators', 'list')).answer).toEqual([]);
  });

  it('accounts are listed, without a secret', LONG, async () => {
    const { username } = await addStaffMember({ db: db(), clock });
    const { answer } = await run('accounts', 'list');
    expect(answer).toContainEqual({ username, name: 'Dr. Test', kind: 'staff', published: false, locked: false });
  });

  it('an account gets a new password, and its sessions end', LONG, async () => {
    const { username, accountId } = await addStaffMember({ db: db(), clock });
    const account = await findAccountByUsername(db(), username);
    const cookie = await createSession(db(), { clock, random }, { accountId });
    const { answer } = await run('accounts', 'set-password', username.toUpperCase());
    expect(answer.password).toMatch(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/);
    expect(await findSession(db(), clock, cookie)).toBeUndefined();
    expect((await findAccountByUsername(db(), username))?.passwordHash).not.toBe(account?.passwordHash);
    expect(await lastDetail('account')).toEqual({ action: 'set-password', by: 'command line' });
    expect((await run('accounts', 'set-password', 'nobody')).err).toContain('There is no account');
    expect((await run('accounts', 'set-password')).code).toBe(2);
  });

  it('a shared account cannot be changed', LONG, async () => {
    const { username } = await addStaffMember({ db: db(), clock });
    await db().queryText('update account set published = true where username = $1', [username]);
    const { code, err } = await run('accounts', 'set-password', username);
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining("It can't be changed") });
  });
});
