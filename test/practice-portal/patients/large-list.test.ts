import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccountById } from '../../../src/identity/index.ts';
import type { PracticeId } from '../../../src/kernel/index.ts';
import { linksOf, nextLink, textsOf } from '../../support/browser/html.ts';
import type { PatientBrowser } from '../../support/people/patient.ts';
import { addAnotherPractice, signInStaff } from '../../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { addChartedPatient, addPatientAccount, type ChartedPatient } from './charted-patients.ts';

/** More patients than a search reads. */
const PATIENTS = 350;

let server: TestServer;
let practiceId: PracticeId;
let staff: PatientBrowser;
let enrolled: ChartedPatient;
beforeAll(async () => {
  server = await startServer();
  practiceId = await addAnotherPractice(server, 'Large practice');
  ({ browser: staff } = await signInStaff(server, ['front-desk'], [practiceId]));
  await addPatients(PATIENTS);
  enrolled = await addChartedPatient(server, { family: 'Enrolled', mrn: 'E-1' }, practiceId);
  await addPatientAccount(server, enrolled);
});
afterAll(() => server.close());

/** Adds what the intake writes about patients, whose family name is Many. */
async function addPatients(count: number, firstRecord = 1): Promise<void> {
  await server.db.queryText(
    `insert into record (record_id, practice_id, patient_id)
     select n, $1, gen_random_uuid() from generate_series($2::int8, $3::int8) n`,
    [practiceId, firstRecord, firstRecord + count - 1],
  );
  await server.db.queryText(
    `insert into demographics (practice_id, record_id, name, birth_date, family, folded, sorted, numbers)
     select $1, n, 'Ann Many', date '1950-01-01' + n::int, 'Many', 'ann many', E'many\\tann', array['many' || n]
     from generate_series($2::int8, $3::int8) n`,
    [practiceId, firstRecord, firstRecord + count - 1],
  );
}

const open = async (query: Readonly<Record<string, string>>) => {
  const { body } = await staff.get(`/practice/${practiceId}/patients?${new URLSearchParams(query)}`);
  const links = linksOf(body).flatMap((link) => /patients\/([0-9a-f-]{36})$/.exec(link)?.[1] ?? []);
  return { body, links, names: textsOf(body, 'tbody th'), counts: textsOf(body, '.count') };
};

describe('the list of a practice with more patients than a search reads', () => {
  it('counts all of them, and has each once on its pages, in every order', async () => {
    for (const query of ['sort=name', 'sort=-birth-date', 'sort=status', 'sort=-status', 'sort=-name']) {
      const seen: string[] = [];
      for (let path: string | undefined = `/practice/${practiceId}/patients?${query}`; path !== undefined; ) {
        const { body } = await staff.get(path);
        seen.push(...linksOf(body).flatMap((link) => /patients\/([0-9a-f-]{36})$/.exec(link)?.[1] ?? []));
        path = nextLink(body);
      }
      expect({ query, seen: seen.length, different: new Set(seen).size }).toEqual({
        query,
        seen: PATIENTS + 1,
        different: PATIENTS + 1,
      });
    }
    expect((await open({})).counts).toEqual(['351', '350', '0', '1', '0', '0']);
  });

  it.each(['name', '-birth-date', 'status'])('has all patients with a status, sorted by %s', async (sort) => {
    expect((await open({ status: 'enrolled', sort })).links).toEqual([enrolled.patientId]);
    expect((await open({ status: 'not-enrolled', sort })).links).toHaveLength(25);
  });

  it('shows some matches of a search that too many match, and asks for another word', async () => {
    const { body, links, counts } = await open({ words: 'many' });
    expect(body).toContain('More than 300 patients match “many”');
    expect(links).toHaveLength(25);
    expect(counts.slice(0, 2)).toEqual(['300+', '300+']);
    expect((await open({ words: 'many 1950-01-08' })).counts[0]).toBe('1');
    expect((await open({ words: 'many7' })).counts[0]).toBe('1');
  });

  it('finds one or two letters at the start of words only', async () => {
    expect((await open({ words: 'en' })).names).toEqual(['Ann Enrolled']);
    expect((await open({ words: 'ed' })).names).toEqual([]);
    expect((await open({ words: 'lled' })).names).toEqual(['Ann Enrolled']);
  });

  it('shows a change that was committed before', async () => {
    const [account] = await server.db.queryText<{ account_id: string }>(
      'select account_id from representation where record_id = $1',
      [enrolled.recordId],
    );
    await lockAccountById(server.db, server.clock, account?.account_id as never, 'test');
    expect((await open({})).counts).toEqual(['351', '350', '0', '0', '0', '1']);
    expect((await open({ status: 'locked' })).links).toEqual([enrolled.patientId]);
  });

  it('says that patients may be missing while many are loaded, until the task has added them', async () => {
    const behind = 'Some may be missing for a few minutes';
    await addPatients(1500, 10_000);
    const { body, counts } = await open({});
    expect(body).toContain(behind);
    expect(counts[0]).toBe('1,351');
    await server.purgeExpired();
    const after = await open({});
    expect(after.body).not.toContain(behind);
    expect(after.counts[0]).toBe('1,851');
  });
});
