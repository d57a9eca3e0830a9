import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { directoryContains, listEncounters, listPractitioners, recordContains } from '../../../src/fhir/index.ts';
import { textInput } from '../../../src/intake/index.ts';
import type { PracticeId, RecordId } from '../../../src/kernel/index.ts';
import { initialChoices } from '../../../src/oauth/launch/launch-choices.ts';
import type { LaunchEncounter } from '../../../src/oauth/ports.ts';
import { listActiveRecords } from '../../../src/practices/index.ts';
import { addLivePatient, findRecordId } from '../../support/people/live-patient.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let recordId: RecordId;
beforeAll(async () => {
  server = await startServer();
  const person = await addLivePatient(server, [
    textInput('live', LINES.map((line) => JSON.stringify(line)).join('\n')),
  ]);
  recordId = await findRecordId(server, person);
});
afterAll(() => server.close());

const visit = (id: string, more: object) => ({
  resourceType: 'Encounter',
  id,
  status: 'finished',
  class: { code: 'AMB', display: 'ambulatory' },
  subject: { reference: 'Patient/live' },
  ...more,
});
const LINES = [
  { resourceType: 'Patient', id: 'live', name: [{ family: 'Live' }] },
  { resourceType: 'Practitioner', id: 'doctor', name: [{ given: ['Dana'], family: 'Doctor' }] },
  { resourceType: 'Practitioner', id: 'nameless' },
  visit('1', { type: [{ text: 'Office visit' }], period: { start: '2026-01-31T23:30:00-07:00' } }),
  visit('2', { type: [{ coding: [{ display: 'Check-up' }] }], period: { start: '2026-03' } }),
  visit('3', { period: { end: '2026-02-01' } }),
  visit('4', {}),
  visit('5', { status: 'cancelled', period: { start: '2026-05-01' } }),
  visit('6', { status: 'entered-in-error', period: { start: '2026-05-02' } }),
  visit('7', { status: 'planned', type: [{ text: 'x'.repeat(5000) }], period: { start: '2026-06-01' } }),
];

describe('the encounters of a record', () => {
  it('are listed with date, kind and state, newest first, without those that never took place', async () => {
    const visits = (await listEncounters(server.db, recordId)).map(({ date, kind, state }) => [date, kind, state]);
    expect(visits).toEqual([
      ['2026-06-01', 'x'.repeat(100), 'planned'],
      ['2026-03', 'Check-up', 'finished'],
      ['2026-02-01', 'ambulatory', 'finished'],
      ['2026-01-31', 'Office visit', 'finished'],
      [undefined, 'ambulatory', 'finished'],
    ]);
  });

  it('are at most fifty', async () => {
    const walter = (await listActiveRecords(server.db)).find(({ name }) => name.includes('Driftwood'));
    const visits = await listEncounters(server.db, walter?.recordId as RecordId);
    expect(visits).toHaveLength(50);
    const dates = visits.map(({ date }) => date);
    expect(dates).toEqual([...dates].sort().reverse());
  });
});

describe('the encounter that is selected at first', () => {
  const now = new Date('2026-06-02T03:00:00Z');
  const encounter = (id: string, date: string | undefined, state: LaunchEncounter['state']) => ({
    id,
    date,
    kind: undefined,
    state,
  });
  const latest = encounter('latest', '2026-05-20', 'finished');
  const overdue = encounter('overdue', '2026-05-30', 'planned');
  const tonight = encounter('tonight', '2026-06-01', 'planned');
  const autumn = encounter('autumn', '2026-10-01', 'planned');
  const undated = encounter('undated', undefined, 'planned');
  const admitted = encounter('admitted', '2026-05-01', 'in-progress');
  const odd = encounter('odd', '2026-05-28', 'unknown');

  it.each([
    ['the one in progress', [autumn, latest, admitted], 'admitted'],
    ['otherwise the next planned one, also on the evening of its day', [autumn, tonight, overdue, latest], 'tonight'],
    ['otherwise the latest that took place', [overdue, odd, latest, undated], 'latest'],
    ['none, if none is known to take place', [overdue, odd, undated], ''],
    ['none, if there are none', [], ''],
  ])('is %s', (_which, encounters, expected) =>
    expect(initialChoices(encounters, now, undefined)).toMatchObject({ encounter: expected, banner: true }),
  );

  it('is the one that was open before, if the patient has it', () => {
    const { encounter } = initialChoices([autumn, latest, admitted], now, 'autumn');
    expect({ inSeason: encounter, withoutSeason: initialChoices([latest], now, 'autumn').encounter }).toEqual({
      inSeason: 'autumn',
      withoutSeason: 'latest',
    });
  });
});

describe('resources of a record and of the directory', () => {
  it('are found by type and id, and not in another record or as another type', async () => {
    const [encounter] = await listEncounters(server.db, recordId);
    const id = encounter?.id ?? '';
    expect(await recordContains(server.db, recordId, 'Encounter', id)).toBe(true);
    expect(await recordContains(server.db, recordId, 'Encounter', id.toUpperCase())).toBe(true);
    expect(await recordContains(server.db, recordId, 'Condition', id)).toBe(false);
    expect(await recordContains(server.db, (recordId - 1) as RecordId, 'Encounter', id)).toBe(false);
    for (const type of ['Practitioner', 'Binary', 'constructor', ''])
      expect(await recordContains(server.db, recordId, type, id)).toBe(false);
    expect(await recordContains(server.db, recordId, 'Encounter', 'no-uuid')).toBe(false);
  });

  it('include the practitioners of one practice', async () => {
    const [sandbox, live] = [1 as PracticeId, 2 as PracticeId];
    const found = await listPractitioners(server.db, live);
    expect(found.map(({ name }) => name)).toEqual(['Doctor, Dana', 'No name']);
    const [{ id } = { id: '' }] = found;
    expect(await directoryContains(server.db, live, 'Practitioner', id)).toBe(true);
    expect(await directoryContains(server.db, sandbox, 'Practitioner', id)).toBe(false);
    expect(await directoryContains(server.db, live, 'Organization', id)).toBe(false);
    expect(await directoryContains(server.db, live, 'Practitioner', 'doctor')).toBe(false);
  });

  it('include the whole directory, however large, in the order of family names', async () => {
    const [sandbox] = [1 as PracticeId];
    const before = (await listPractitioners(server.db, sandbox)).length;
    await server.db.queryText(
      `insert into shared_resource (practice_id, type, id, version, digest, content, last_updated)
       select 1, 'Practitioner', gen_random_uuid(), 1, '\\x00'::bytea,
         json_build_object('resourceType', 'Practitioner', 'name', json_build_array(
           json_build_object('given', json_build_array('Zoe'), 'family', 'Family ' || lpad(n::text, 4, '0'))))::text, now()
       from generate_series(1, 1200) n`,
      [],
    );
    const found = await listPractitioners(server.db, sandbox);
    expect(found).toHaveLength(before + 1200);
    const ours = found.filter(({ name }) => name.startsWith('Family')).map(({ name }) => name);
    expect(ours).toEqual(
      Array.from({ length: 1200 }, (_, index) => `Family ${String(index + 1).padStart(4, '0')}, Zoe`),
    );
  });
});
