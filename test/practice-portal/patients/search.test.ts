import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lockAccountById } from '../../../src/identity/index.ts';
import { attributesOf, codeIn, linksOf, nextLink, textOf, textsOf } from '../../support/browser/html.ts';
import type { PatientBrowser } from '../../support/people/patient.ts';
import { addAnotherPractice, signInStaff } from '../../support/people/practice-portal.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
  findAuditEvents,
  LIVE,
  SANDBOX,
} from './charted-patients.ts';

let server: TestServer;
let staffBrowser: PatientBrowser;
beforeAll(async () => {
  server = await startServer();
  staffBrowser = await signInAs(server, (await addStaffMember(server, ['live'], ['front-desk'])).accountId);
  await addChartedPatient(server, { family: 'Núñez', given: 'Zoë', birthDate: '1974-07-14', mrn: 'MRN-00-12' });
  await addChartedPatient(server, { family: 'O’Hara', given: 'Zoë', birthDate: '1981-01-31', mrn: '4711 8' });
  await addChartedPatient(server, { family: '陳', given: 'Mei', birthDate: undefined });
});
afterAll(() => server.close());

const LIST = `/practice/${LIVE}/patients`;
const search = (query: Record<string, string>, browser = staffBrowser, list = LIST) =>
  browser.get(`${list}?${new URLSearchParams(query)}`);

/** Names in the table of patients, in order. */
const namesIn = (body: string) => textsOf(body, 'tbody th');
const countsIn = (body: string) =>
  Object.fromEntries(
    textsOf(body, ':has(> .count)').map((text) => {
      const [, name = '', count] = /^(.*) (\d+)$/.exec(text) ?? [];
      return [name, Number(count)];
    }),
  );
const found = async (query: string) => namesIn((await search({ words: query })).body);

describe('the patients of a practice', () => {
  it('are explained when there are none yet', async () => {
    const practiceId = await addAnotherPractice(server, 'New practice');
    const { browser } = await signInStaff(server, ['front-desk'], [practiceId]);
    const page = await search({}, browser, `/practice/${practiceId}/patients`);
    expect(page.status).toBe(200);
    expect(page.body).toContain('No patients yet');
    expect(page.headers['cache-control']).toBe('no-store');
  });

  it('are found by name, birth date and number, matching every word of the query', async () => {
    expect(await found('nunez')).toEqual(['Zoë Núñez']);
    expect(await found('ZOE')).toEqual(['Zoë Núñez', 'Zoë O’Hara']);
    expect(await found("zoë o'hara")).toEqual(['Zoë O’Hara']);
    expect(await found('ohara')).toEqual([]);
    expect(await found('7/14/1974')).toEqual(['Zoë Núñez']);
    expect(await found('1981-01-31 zoe')).toEqual(['Zoë O’Hara']);
    expect(await found('1981-01-31 nunez')).toEqual([]);
    for (const number of ['MRN-00-12', 'mrn0012', 'MRN 00 12']) expect(await found(number)).toEqual(['Zoë Núñez']);
    expect(await found('4711 8')).toEqual(['Zoë O’Hara']);
    expect(await found('47118')).toEqual(['Zoë O’Hara']);
    expect(await found('4711')).toEqual([]);
    expect(await found('陳')).toEqual(['Mei 陳']);
  });

  it.each(['%', '_', "'; drop table demographics; --", '\\', '$1', 'a'.repeat(5000), 'zoe\0', '2/30/1974', '\ud800'])(
    'are searched literally: %j is not a pattern, not SQL and not an error',
    async (query) => {
      const page = await search({ words: query });
      expect(page.status).toBe(200);
      if (query !== 'zoe\0') expect(page.body).toContain('No patient found');
    },
  );

  it('are listed with the query displayed as text', async () => {
    const page = await search({ words: '"><script>alert(1)</script>' });
    expect(codeIn(page)).toEqual([]);
  });

  it('are only those of this practice', async () => {
    await addChartedPatient(server, { family: 'Elsewhere' }, SANDBOX);
    expect(await found('elsewhere')).toEqual([]);
    const both = await addStaffMember(server, ['sandbox'], ['front-desk']);
    const other = await signInAs(server, both.accountId);
    expect(namesIn((await search({ words: 'elsewhere' }, other, `/practice/${SANDBOX}/patients`)).body)).toEqual([
      'Ann Elsewhere',
    ]);
  });

  describe('with similar names', () => {
    beforeAll(async () => {
      for (const [family, given, birthDate] of [
        ['Sørt Jones', 'Al', '1990-01-01'],
        ['Sort', 'Bea', '1990-01-01'],
        ['sort', 'Al', '1991-01-01'],
        ['Sort', 'Ál', '1990-01-01'],
        ['Sort', 'Al', undefined],
      ] as const)
        await addChartedPatient(server, { family, given, birthDate, mrn: 'SORTED' });
    });

    it('are ordered by family name, given name and birth date, regardless of accents', async () => {
      expect(await found('sorted')).toEqual(['Al Sort', 'Ál Sort', 'Al sort', 'Bea Sort', 'Al Sørt Jones']);
    });

    it.each([
      ['birth-date', ['Al Sort', 'Ál Sort', 'Bea Sort', 'Al Sørt Jones', 'Al sort']],
      ['-birth-date', ['Al sort', 'Al Sørt Jones', 'Bea Sort', 'Ál Sort', 'Al Sort']],
      ['-name', ['Al Sørt Jones', 'Bea Sort', 'Al sort', 'Ál Sort', 'Al Sort']],
      ['nonsense', ['Al Sort', 'Ál Sort', 'Al sort', 'Bea Sort', 'Al Sørt Jones']],
    ])('are ordered by the requested column, so that sort=%s lists %j', async (sort, names) => {
      expect(namesIn((await search({ words: 'sorted', sort })).body)).toEqual(names);
    });

    it('show which column they are ordered by, and a second use of its link reverses the order', async () => {
      const path = (sort: string) => `${LIST}?${new URLSearchParams({ words: 'sorted', sort })}`;
      const [status] = attributesOf(
        await search({ words: 'sorted' }),
        'th:not([aria-sort]):has(a[href*="sort=status"]) a',
        'href',
      );
      expect(status).toBe(path('status'));
      const sorted = await staffBrowser.get(path('status'));
      expect(attributesOf(sorted, 'th[aria-sort="ascending"] a', 'href')).toEqual([path('-status')]);
    });
  });

  it('are listed 25 on a page, each once in every order, and the URL of a page names no one', async () => {
    for (let index = 0; index < 53; index += 1)
      await addChartedPatient(server, {
        family: 'Page',
        given: 'ABCDEFG'[index % 7] ?? '',
        birthDate: index % 5 === 0 ? undefined : '2000-01-01',
      });
    for (const order of ['', '&sort=-birth-date', '&sort=-status']) {
      const seen: string[] = [];
      const pages: number[] = [];
      for (let path: string | undefined = `${LIST}?words=page${order}`; path !== undefined; ) {
        const { body } = await staffBrowser.get(path);
        const links = linksOf(body).flatMap((link) => /patients\/([0-9a-f-]{36})$/.exec(link)?.[1] ?? []);
        seen.push(...links);
        pages.push(links.length);
        expect(countsIn(body)).toMatchObject({ All: 53, 'Not enrolled': 53 });
        path = nextLink(body);
        if (path !== undefined)
          expect(path.replace(order, '')).toMatch(/^\/practice\/2\/patients\?words=page&after=[0-9a-f-]{36}$/);
      }
      expect(pages).toEqual([25, 25, 3]);
      expect(new Set(seen).size).toBe(53);
    }
  });

  it('after a cursor of a deleted or foreign patient end the list', async () => {
    for (const after of ['00000000-0000-4000-8000-000000000000', 'nobody', "' or 1=1"]) {
      const page = await search({ words: 'page', after });
      expect(page.status).toBe(200);
    }
    expect((await search({ after: '00000000-0000-4000-8000-000000000000' })).body).toContain('No more patients');
  });
});

describe('the enrollment status of a patient', () => {
  const by = { accountId: undefined, requestId: 'test' };
  const invite = ({ recordId }: ChartedPatient) =>
    server.enrollments.invite(by, { recordId, whom: { kind: 'patient' }, email: undefined, language: 'en' });
  const statusOf = async (family: string) => {
    return textOf(await search({ words: family }), 'span.tag');
  };

  it('is not enrolled, then invited, expired, declined, enrolled, and locked', async () => {
    const patient = await addChartedPatient(server, { family: 'Course' });
    expect(await statusOf('course')).toBe('Not enrolled');
    await invite(patient);
    expect(await statusOf('course')).toBe('Invited');
    await server.db.queryText("update invitation set expires_at = now() - interval '1 day' where record_id = $1", [
      patient.recordId,
    ]);
    expect(await statusOf('course')).toBe('Invited, expired');
    await server.enrollments.decline(by, patient.recordId, 'no computer');
    expect(await statusOf('course')).toBe('Declined');
    const { accountId } = await addPatientAccount(server, patient);
    expect(await statusOf('course')).toBe('Enrolled');
    await lockAccountById(server.db, server.clock, accountId, 'test');
    expect(await statusOf('course')).toBe('Locked or access ended');
  });

  it('ignores an account that its owner closed, and an invitation that was cancelled', async () => {
    const patient = await addChartedPatient(server, { family: 'Closed' });
    const { accountId } = await addPatientAccount(server, patient);
    await server.db.queryText('update account set closed_at = now() where account_id = $1', [accountId]);
    expect(await statusOf('closed')).toBe('Not enrolled');
    const { invitationId } = await invite(patient);
    await server.enrollments.cancel(by, invitationId);
    expect(await statusOf('closed')).toBe('Not enrolled');
  });

  it('is that of the patient’s own account, not of a representative', async () => {
    const patient = await addChartedPatient(server, {
      family: 'Ward',
      related: [{ name: 'Pat Ward', relationship: 'Mother' }],
    });
    await addRepresentativeAccount(server, patient);
    expect(await statusOf('ward')).toBe('Not enrolled');
  });

  it('filters the list, with matching counts', async () => {
    const none = { All: 0, 'Not enrolled': 0, Invited: 0, Enrolled: 0, Declined: 0, 'Locked or access ended': 0 };
    expect(countsIn((await search({ words: 'mrn-x' })).body)).toEqual(none);
    await addChartedPatient(server, { family: 'Open', mrn: 'FILTERED' });
    const patient = await addChartedPatient(server, { family: 'Shut', mrn: 'FILTERED' });
    const { accountId } = await addPatientAccount(server, patient);
    await lockAccountById(server.db, server.clock, accountId, 'test');
    const locked = await search({ words: 'filtered', status: 'locked' });
    expect(namesIn(locked.body)).toEqual(['Ann Shut']);
    expect(countsIn(locked.body)).toEqual({ ...none, All: 2, 'Not enrolled': 1, 'Locked or access ended': 1 });
    const all = await search({ status: 'locked' });
    expect(namesIn(all.body)).toContain('Ann Shut');
    expect(countsIn(all.body)['Locked or access ended']).toBe(namesIn(all.body).length);
    expect((await search({ status: 'declined' })).body).toContain('No patient has the status “declined”.');
    expect((await search({ status: 'nonsense' })).status).toBe(200);
  });
});

it('searches are recorded in the audit log with the number of results, and never with the query', async () => {
  await search({ words: 'nunez' });
  const [last] = (await findAuditEvents(server, 'enrollment')).slice(-1);
  expect(last).toMatchObject({
    record_id: null,
    outcome: 'success',
    detail: { action: 'list', practice: LIVE, patients: 1 },
  });
  expect(JSON.stringify(await findAuditEvents(server, 'enrollment'))).not.toMatch(/nunez/i);
  expect(server.log.join('')).not.toMatch(/nunez/i);
});
