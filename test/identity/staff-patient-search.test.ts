import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projections } from '../../src/fhir/index.ts';
import { findStaffPatientById, findStaffPatientByKey, searchStaffPatients } from '../../src/identity/index.ts';
import { importFiles, textInput } from '../../src/intake/index.ts';
import { type AccountId, foldName, type PracticeId, systemRandom as random } from '../../src/kernel/index.ts';
import { setSandboxOpen } from '../../src/practices/index.ts';
import { addLivePatient, findRecordId, type LivePerson } from '../support/people/live-patient.ts';
import { addStaffMember } from '../support/people/staff.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
let live: AccountId;
let sandbox: AccountId;
let patientUser: LivePerson;
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
    JSON.stringify({
      resourceType: 'Patient',
      id: `p${index}`,
      name: [{ family, given: [given] }],
      birthDate,
      identifier: [
        { system: 'urn:mrn', value: `MRN-000${index}` },
        { system: 'http://hl7.org/fhir/sid/us-ssn', value: `999-00-000${index}` },
        // Only the name of the type says what this number is.
        { type: { text: 'SSN' }, value: `99901000${index}` },
      ],
    }),
  );
  await load(patients);
  patientUser = await addLivePatient(server);
});
afterAll(() => server.close());

const load = (lines: readonly string[]) =>
  importFiles(server.db, { practiceId: 2 as PracticeId, source: 'test', projections, clock: server.clock, random }, [
    textInput('test', lines.join('\n')),
  ]);
const found = async (query: string, accountId = live) =>
  (await searchStaffPatients(server.db, accountId, query)).map(({ personName }) => personName);

describe('a patient search query of staff', () => {
  it('has words that must each occur in the name or birth date, in any order and case', async () => {
    expect(await found('rosa')).toEqual(['Rosa 100% Sure_ly', 'Rosa O’Neil (Jr.) [x] .*']);
    expect(await found('1974 ROSA')).toEqual(['Rosa 100% Sure_ly']);
    expect(await found('neil, rosa')).toEqual(['Rosa O’Neil (Jr.) [x] .*']);
    expect(await found('rosa nobody')).toEqual([]);
  });

  it('matches regardless of case and accents, in the query or the name', async () => {
    for (const query of ['zoë', 'ZOË', 'zoe', 'ÅNGSTRÖM', 'angstrom', 'zoe\u0308 Ångstrom'])
      expect(await found(query)).toEqual(['Zoë Ångström']);
    expect(await found('陳')).toEqual(['Mei 陳']);
    expect(await found("O'Neil")).toEqual(['Rosa O’Neil (Jr.) [x] .*']);
  });

  it('accepts a birth date in ISO 8601 or the US format', async () => {
    for (const query of ['1974-07-04', '7/4/1974', '07/04/1974']) expect(await found(query)).toEqual(['Zoë Ångström']);
    expect(await found('2001-01')).toEqual(['Rosa O’Neil (Jr.) [x] .*']);
  });

  it('accepts an MRN as it is written or read aloud, and finds only that patient', async () => {
    for (const query of ['MRN-0004', 'mrn 0004', 'mrn0004', '  mrn-0004 '])
      expect(await found(query)).toEqual(['Ann Smith']);
    expect(await found('mrn-0004 ann')).toEqual(['Ann Smith']);
    for (const query of ['0004', 'MRN-000', 'mrn']) expect(await found(query)).toEqual([]);
  });

  it('never finds a patient by a Social Security number', async () => {
    for (const query of ['999-00-0004', '999010004']) expect(await found(query)).toEqual([]);
  });

  it.each(['%', '_', '.*', '\\', '(', '***', '^', '—', '\u0000', '🙂'])(
    'is literal: %j is not a pattern',
    async (word) => {
      expect(await found(word)).toEqual([]);
      expect(await found(`rosa ${word}`)).toEqual([]);
    },
  );

  it('finds every patient whose name contains its words, and no others', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(text, async (word) => {
        const names = await found(word);
        const folded = word
          .split(/[\s,]+/u)
          .filter((one) => one !== '')
          .map(foldName);
        for (const name of names)
          expect(folded.every((one) => (one !== '' && foldName(name).includes(one)) || folded.length === 0)).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it('if empty lists all patients by collated family name, at most fifty', async () => {
    expect(await found('')).toEqual([...(await found('  '))]);
    expect(await found('')).toEqual([
      'Rosa 100% Sure_ly',
      'Zoë Ångström',
      'Lou Live',
      'Rosa O’Neil (Jr.) [x] .*',
      'Ann Smith',
      'Mei 陳',
    ]);
    const many = Array.from({ length: 60 }, (_, index) =>
      JSON.stringify({ resourceType: 'Patient', id: `m${index}`, name: [{ family: 'Many', given: [`N${index}`] }] }),
    );
    await load(many);
    expect(await found('many')).toHaveLength(50);
  });

  it('is cut if it has too many or too long words', async () => {
    expect(await found(`rosa ${'x'.repeat(10_000)}`)).toEqual([]);
    expect(await found(`${'a '.repeat(1000)}`)).toEqual(expect.any(Array));
  });
});

describe('the patients that staff can find', () => {
  it('are those of the practices where they work, with what distinguishes them', async () => {
    const [zoe] = await searchStaffPatients(server.db, live, 'zoë');
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

  it('can be looked up by key, and no others', async () => {
    const [zoe] = await searchStaffPatients(server.db, live, 'zoë');
    const [ana] = await searchStaffPatients(server.db, sandbox, 'larkspur');
    expect(await findStaffPatientByKey(server.db, live, zoe?.key ?? '')).toEqual(zoe);
    expect(await findStaffPatientById(server.db, live, zoe?.recordId as never)).toEqual(zoe);
    expect(await findStaffPatientByKey(server.db, live, ana?.key ?? '')).toBeUndefined();
    expect(await findStaffPatientById(server.db, live, ana?.recordId as never)).toBeUndefined();
    expect(await findStaffPatientByKey(server.db, live, `2-${ana?.patientId}`)).toBeUndefined();
  });

  it.each(['', '2', '2-', '-', '2-nobody', `99999999999-${random.uuid()}`, `2-${random.uuid()}' or '1'='1`, '2-%'])(
    'do not include an invalid key: %j',
    async (key) => {
      expect(await findStaffPatientByKey(server.db, live, key)).toBeUndefined();
    },
  );

  it('are none for a patient account, and exclude a practice that has its API off', async () => {
    const { accountId, key } = patientUser;
    expect(await searchStaffPatients(server.db, accountId, '')).toEqual([]);
    expect(await findStaffPatientByKey(server.db, accountId, key)).toBeUndefined();
    expect(await findStaffPatientById(server.db, accountId, await findRecordId(server, patientUser))).toBeUndefined();
    await setSandboxOpen(server.db, false);
    expect(await searchStaffPatients(server.db, sandbox, '')).toEqual([]);
    await setSandboxOpen(server.db, true);
  });
});
