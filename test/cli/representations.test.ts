import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { findAccountByUsername, listAccountRecords } from '../../src/identity/index.ts';
import type { AccountId } from '../../src/kernel/index.ts';
import { temporaryFolder } from '../support/database/folders.ts';
import { patient } from '../support/fhir/charts.ts';
import { cliDatabase } from '../support/servers/cli-database.ts';

const { run, db, print } = cliDatabase();
const LONG = { timeout: 60_000 };

async function loaded(id: string, name: string): Promise<string> {
  const file = path.join(temporaryFolder(), 'a.ndjson');
  writeFileSync(file, JSON.stringify(patient(id, name)));
  const before = new Set((await run('patients', 'list')).answer.map((one: { id: string }) => one.id));
  await run('load', file);
  return (await run('patients', 'list')).answer.find((one: { id: string }) => !before.has(one.id)).id;
}
const held = async (username: string) => {
  const { accountId } = (await findAccountByUsername(db(), username)) ?? {};
  return (await listAccountRecords(db(), accountId as AccountId)).map(({ patientId, relation }) => [
    patientId,
    relation,
  ]);
};
const add = (id: string, username: string, ...more: readonly string[]) =>
  run(
    'representations',
    'add',
    id,
    '--username',
    username,
    '--name',
    'Marta Guardian',
    '--relationship',
    'MTH',
    ...more,
  );

describe('representations', () => {
  it(
    'add creates an account with a password and a RelatedPerson in the record, and prints the representative',
    LONG,
    async () => {
      const id = await loaded('1', 'Ann');
      const { answer, code } = await add(id, 'Marta@Example.org');
      expect(code).toBe(0);
      expect(answer).toMatchObject({ username: 'marta@example.org', patient: id, name: 'Marta Guardian' });
      expect(answer).toMatchObject({ account: 'new', patient_name: 'Ann Ann' });
      expect(answer.password).toMatch(/^([2-9a-z]{4}-){3}[2-9a-z]{4}$/);
      expect(await held('marta@example.org')).toEqual([[id, 'representative']]);
      const [row] = await db().queryText<{ content: string }>(
        `select s.content from representation r
       join resource s on s.record_id = r.record_id and s.type = 'RelatedPerson' and s.id = r.related_person_id
       where s.id = $1`,
        [answer.relatedPersonId],
      );
      expect(JSON.parse(row?.content ?? '')).toMatchObject({
        resourceType: 'RelatedPerson',
        id: answer.relatedPersonId,
        active: true,
        patient: { reference: `Patient/${id}` },
        relationship: [{ coding: [{ system: 'http://terminology.hl7.org/CodeSystem/v3-RoleCode', code: 'MTH' }] }],
        name: [{ text: 'Marta Guardian' }],
      });
    },
  );

  it('add uses an existing account, prints no password, and changes nothing the second time', LONG, async () => {
    const [id, other] = [await loaded('2', 'Bea'), await loaded('8', 'Ben')];
    await add(other, 'bea-mother@example.org');
    const [first, again] = [await add(id, 'bea-mother@example.org'), await add(id, 'BEA-Mother@example.org')];
    expect({ first: first.answer.password, again: again.answer.password }).toEqual({
      first: undefined,
      again: undefined,
    });
    expect(again.answer.relatedPersonId).toBe(first.answer.relatedPersonId);
    expect(await held('bea-mother@example.org')).toHaveLength(2);
    const rows = await db().queryText(`select version::int from resource where type = 'RelatedPerson' and id = $1`, [
      first.answer.relatedPersonId,
    ]);
    expect(rows).toEqual([{ version: 1 }]);
  });

  it('add rejects a username of another person, because a typo would open the record to a stranger', LONG, async () => {
    const [sofia, other] = [await loaded('5', 'Sofía'), await loaded('6', 'Otto')];
    await run('patients', 'add', sofia, '--username', 'patient03');
    const { displayName } = (await findAccountByUsername(db(), 'patient03')) ?? {};
    const as = (name: string, ...more: readonly string[]) =>
      run('representations', 'add', other, '--username', 'patient03', '--name', name, '--relationship', 'SPS', ...more);
    const rejected = await as('Someone Else');
    expect({ code: rejected.code, err: rejected.err }).toEqual({
      code: 1,
      err: expect.stringContaining(`patient03 is the account of ${displayName}, not Someone Else.`),
    });
    expect(await held('patient03')).toEqual([[sofia, 'self']]);
    const rows = await db().queryText(`select from resource where type = 'RelatedPerson' and content like $1`, [
      '%Someone Else%',
    ]);
    expect(rows).toEqual([]);
    const { answer } = await as(`  ${displayName?.toUpperCase().replace(' ', '   ')} `);
    expect(answer).toMatchObject({ account: 'existing', name: displayName, patient_name: 'Ann Otto', patient: other });
    expect(answer).not.toHaveProperty('password');
    expect(await held('patient03')).toContainEqual([other, 'representative']);
  });

  it('add says who represents whom, and whether the account already existed', LONG, async () => {
    const id = await loaded('7', 'Pia');
    const args = [id, '--username', 'pia-mother', '--name', 'Petra Parent', '--relationship', 'MTH'];
    const plain = async () => (await print(['representations', 'add', ...args])).out;
    expect(await plain()).toContain(`Petra Parent (new account) acts for Ann Pia (${id}), Live practice.`);
    expect(await plain()).toContain(`Petra Parent (existing account) acts for Ann Pia (${id}), Live practice.`);
  });

  it('end removes the record with a reason, list shows it, and add restores it', LONG, async () => {
    const id = await loaded('3', 'Cleo');
    await add(id, 'cleo-father');
    const ended = await run('representations', 'end', id, '--username', 'cleo-father', '--reason', 'of age');
    expect({ code: ended.code, answer: ended.answer }).toEqual({
      code: 0,
      answer: { patient: id, username: 'cleo-father', ended: true },
    });
    expect(await held('cleo-father')).toEqual([]);
    const { answer } = await run('representations', 'list');
    expect(answer).toContainEqual(
      expect.objectContaining({
        username: 'cleo-father',
        patient: id,
        ended_for: 'of age',
        ended_at: expect.any(String),
      }),
    );
    const twice = await run('representations', 'end', id, '--username', 'cleo-father');
    expect({ code: twice.code, err: twice.err }).toEqual({
      code: 1,
      err: expect.stringContaining("isn't a representative of that patient"),
    });
    await add(id, 'cleo-father');
    expect(await held('cleo-father')).toEqual([[id, 'representative']]);
    const events = await db().queryText<{ action: string }>(
      `select detail->>'action' as action from audit_event where kind = 'account' order by at desc limit 3`,
      [],
    );
    expect(events.map(({ action }) => action)).toEqual([
      'add-representation',
      'end-representation',
      'add-representation',
    ]);
  });

  it('rejects impossible representations, and stores nothing', LONG, async () => {
    const id = await loaded('4', 'Dora');
    await run('patients', 'add', id, '--username', 'dora');
    const count = async () =>
      (
        await db().queryText<{ n: number }>(`select count(*)::int as n from resource where type = 'RelatedPerson'`, [])
      )[0]?.n;
    const before = await count();
    const own = await add(id, 'dora');
    expect({ code: own.code, err: own.err }).toEqual({
      code: 1,
      err: expect.stringContaining('the patient’s own account'),
    });
    const unknownPatient = await add('00000000-0000-4000-8000-000000000000', 'someone');
    expect({ code: unknownPatient.code, err: unknownPatient.err }).toEqual({
      code: 1,
      err: expect.stringContaining('No patient with the id'),
    });
    const unknown = await run('representations', 'add', id, '--username', 'x', '--name', 'X', '--relationship', 'BOSS');
    expect({ code: unknown.code, err: unknown.err }).toEqual({
      code: 1,
      err: expect.stringContaining('GUARD (guardian)'),
    });
    const invalidName = await add(id, 'no spaces');
    expect({ code: invalidName.code, err: invalidName.err }).toEqual({
      code: 1,
      err: expect.stringContaining('is not a valid username'),
    });
    const nameless = await run('representations', 'add', id, '--username', 'someone', '--relationship', 'MTH');
    expect(nameless.err).toContain('Usage: patient-access representations add');
    expect(await count()).toBe(before);
    expect(await findAccountByUsername(db(), 'someone')).toBeUndefined();
  });
});
