import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../src/fhir/index.ts';
import { intake, textInput } from '../../src/intake/index.ts';
import { type AccountId, type PracticeId, systemRandom as random } from '../../src/kernel/index.ts';
import { recordOfStaffById, recordOfStaffByKey, recordsOfStaff } from '../../src/people/index.ts';
import { patternsOf } from '../../src/people/words.ts';
import { openSandboxPractice } from '../../src/practices/index.ts';
import { addLivePatient, recordOf } from '../support/live-patient.ts';
import { startServer, type TestServer } from '../support/server.ts';
import { addStaffMember } from '../support/staff.ts';

let server: TestServer;
let live: AccountId;
let sandbox: AccountId;
beforeAll(async () => {
  server = await startServer();
  live = (await addStaffMember(server, ['live'])).accountId;
  sandbox = (await addStaffMember(server, ['sandbox'])).accountId;
  const people = [
    ['Zoë', 'Ångström', '1974-07-04'],
    ['Rosa', '100% Sure_ly', '1974-07-14'],
    ['Rosa', 'O’Neil (Jr.) [x] .*', '2001-01-31'],
    ['Mei', '陳', '1999-12-01'],
    ['Ann', 'Smith', undefined],
  ];
  const patients = people.map(([given, family, birthDate], index) =>
    JSON.stringify({ resourceType: 'Patient', id: `p${index}`, name: [{ family, given: [given] }], birthDate }),
  );
  await load(patients);
});
afterAll(() => server.close());

const load = (lines: readonly string[]) =>
  intake(server.db, { practiceId: 2 as PracticeId, source: 'test', projections, clock: server.clock, random }, [
    textInput('test', lines.join('\n')),
  ]);
const found = async (words: string, accountId = live) =>
  (await recordsOfStaff(server.db, accountId, words)).map(({ personName }) => personName);

describe('words that staff look for patients by', () => {
  it('each have to occur in the name or the date of birth, in any order and case', async () => {
    expect(await found('rosa')).toEqual(['Rosa 100% Sure_ly', 'Rosa O’Neil (Jr.) [x] .*']);
    expect(await found('1974 ROSA')).toEqual(['Rosa 100% Sure_ly']);
    expect(await found('neil, rosa')).toEqual(['Rosa O’Neil (Jr.) [x] .*']);
    expect(await found('rosa nobody')).toEqual([]);
  });

  it('may be letters beyond A to Z, in any case, composed or not', async () => {
    for (const words of ['zoë', 'ZOË', 'ÅNGSTRÖM', 'zoe\u0308 ångström'])
      expect(await found(words)).toEqual(['Zoë Ångström']);
    expect(await found('陳')).toEqual(['Mei 陳']);
    expect(await found('zoe')).toEqual([]);
  });

  it('may be a date of birth, as ISO 8601 or as it is said in the United States', async () => {
    for (const words of ['1974-07-04', '7/4/1974', '07/04/1974']) expect(await found(words)).toEqual(['Zoë Ångström']);
    expect(await found('2001-01')).toEqual(['Rosa O’Neil (Jr.) [x] .*']);
  });

  it.each(['%', '_', '.*', '\\', '(', '[x]', '100%', '***=x', 'a|b', '^rosa', "'; drop table account; --"])(
    'are looked for as they are: %s is no pattern',
    async (word) => {
      const names = ['Zoë Ångström', 'Rosa 100% Sure_ly', 'Rosa O’Neil (Jr.) [x] .*', 'Mei 陳', 'Ann Smith'];
      const words = word.split(' ').filter((part) => part !== '');
      const expected = names.filter((name) => words.every((one) => name.toLowerCase().includes(one)));
      expect((await found(word)).sort()).toEqual(expected.sort());
    },
  );

  it('match what contains them and nothing else, whatever they are', async () => {
    const plain = (text: string) => text.normalize('NFC').toWellFormed();
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map(plain);
    const word = text.filter((one) => !/[\s,\0/]/u.test(one));
    await fc.assert(
      fc.asyncProperty(word, text, fc.boolean(), async (word, around, within) => {
        const name = plain((within ? `${around}${word}${around}` : around).replaceAll('\0', ''));
        const [pattern] = patternsOf(word);
        const [row] = await server.db.queryText<{ hit: boolean }>('select normalize($1) ~* $2 as hit', [name, pattern]);
        const ignoringCase =
          name.toLowerCase().includes(word.toLowerCase()) || name.toUpperCase().includes(word.toUpperCase());
        if (name.includes(word)) expect([name, word, row?.hit]).toEqual([name, word, true]);
        if (!ignoringCase) expect([name, word, row?.hit]).toEqual([name, word, false]);
      }),
      { numRuns: 500 },
    );
  });

  it('are none: all patients, by name, and never more than fifty', async () => {
    expect(await found('')).toEqual([...(await found('  '))]);
    expect((await found('')).length).toBe(5);
    const many = Array.from({ length: 60 }, (_, index) =>
      JSON.stringify({ resourceType: 'Patient', id: `m${index}`, name: [{ family: 'Many', given: [`N${index}`] }] }),
    );
    await load(many);
    expect(await found('many')).toHaveLength(50);
  });

  it('too many or too long are cut, and characters that are no text are refused as bad input', async () => {
    expect(await found(`rosa ${'x'.repeat(10_000)}`)).toEqual([]);
    expect(await found(`${'a '.repeat(1000)}`)).toEqual(expect.any(Array));
    await expect(found('a\0b')).rejects.toMatchObject({ code: '22021' });
  });
});

describe('whose patients', () => {
  it('are those of the practices where they work, with all that tells people apart', async () => {
    const [zoe] = await recordsOfStaff(server.db, live, 'zoë');
    expect(zoe).toMatchObject({
      key: `2-${zoe?.patientId}`,
      birthDate: '1974-07-04',
      practiceId: 2,
      practiceKind: 'live',
      relation: 'staff',
    });
    expect(await found('zoë', sandbox)).toEqual([]);
    expect(await found('larkspur', sandbox)).toHaveLength(1);
    expect(await found('larkspur')).toEqual([]);
  });

  it('are found by their keys, and nobody else’s are', async () => {
    const [zoe] = await recordsOfStaff(server.db, live, 'zoë');
    const [ana] = await recordsOfStaff(server.db, sandbox, 'larkspur');
    expect(await recordOfStaffByKey(server.db, live, zoe?.key ?? '')).toEqual(zoe);
    expect(await recordOfStaffById(server.db, live, zoe?.recordId as never)).toEqual(zoe);
    expect(await recordOfStaffByKey(server.db, live, ana?.key ?? '')).toBeUndefined();
    expect(await recordOfStaffById(server.db, live, ana?.recordId as never)).toBeUndefined();
    expect(await recordOfStaffByKey(server.db, live, `2-${ana?.patientId}`)).toBeUndefined();
  });

  it.each(['', '2', '2-', '-', '2-nobody', `99999999999-${random.uuid()}`, `2-${random.uuid()}' or '1'='1`, '2-%'])(
    'a key that is none finds nobody: %j',
    async (key) => {
      expect(await recordOfStaffByKey(server.db, live, key)).toBeUndefined();
    },
  );

  it('are not those of a patient’s account, nor of a practice that has its API off', async () => {
    const person = await addLivePatient(server);
    const { accountId, key } = person;
    expect(await recordsOfStaff(server.db, accountId, '')).toEqual([]);
    expect(await recordOfStaffByKey(server.db, accountId, key)).toBeUndefined();
    expect(await recordOfStaffById(server.db, accountId, await recordOf(server, person))).toBeUndefined();
    await openSandboxPractice(server.db, false);
    expect(await recordsOfStaff(server.db, sandbox, '')).toEqual([]);
    await openSandboxPractice(server.db, true);
  });
});
