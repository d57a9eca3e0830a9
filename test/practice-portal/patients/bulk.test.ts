import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasElement, hiddenFields, linksOf, textOf } from '../../support/browser/html.ts';
import type { PatientBrowser } from '../../support/people/patient.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import { addChartedPatient, type ChartedPatient, LIVE, letterCodes } from './charted-patients.ts';

let server: TestServer;
let staffBrowser: PatientBrowser;
let elsewhere: PatientBrowser;
let mailed: ChartedPatient;
beforeAll(async () => {
  server = await startServer();
  staffBrowser = await signInAs(server, (await addStaffMember(server, ['live'], ['front-desk'])).accountId);
  elsewhere = await signInAs(server, (await addStaffMember(server, ['sandbox'], ['front-desk'])).accountId);
  mailed = await addChartedPatient(server, { family: 'Mailed', mrn: 'M-1', emails: ['mailed@example.org'] });
  await addChartedPatient(server, { family: 'Lettered', mrn: 'M-2' });
  await addChartedPatient(server, { family: 'Incomplete', mrn: 'M-3', zip: undefined });
});
afterAll(() => server.close());

const BULK = `/practice/${LIVE}/patients/bulk`;
const csrfOf = async (browser = staffBrowser) =>
  hiddenFields((await browser.get(browser === staffBrowser ? BULK : '/sign-in')).body)['csrf'] ?? '';

interface Part {
  readonly name: string;
  readonly value: string;
  readonly filename?: string;
}

/** Encodes a form as a browser does (RFC 7578). */
function multipart(
  parts: readonly Part[],
  boundary = 'frontier',
): { payload: string; headers: Record<string, string> } {
  const one = ({ name, value, filename }: Part) => {
    const file = filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: text/csv`;
    return `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${file}\r\n\r\n${value}\r\n`;
  };
  return {
    payload: `${parts.map(one).join('')}--${boundary}--\r\n`,
    headers: { 'content-type': `multipart/form-data; boundary=${boundary}` },
  };
}

async function send(
  parts: readonly Part[],
  browser = staffBrowser,
  url = BULK,
): Promise<{ status: number; body: string; location: string }> {
  const { payload, headers } = multipart(parts);
  const cookie = `session=${browser.cookie('session')}`;
  const answer = await server.app.inject({ method: 'POST', url, payload, headers: { ...headers, cookie } });
  return { status: answer.statusCode, body: answer.body, location: String(answer.headers.location) };
}

const upload = async (csv: string) =>
  send([
    { name: 'csrf', value: await csrfOf() },
    { name: 'file', value: csv, filename: 'patients.csv' },
  ]);

describe('bulk invitation from a file', () => {
  it('describes the format, and offers a template', async () => {
    const page = await staffBrowser.get(BULK);
    expect(textOf(page)).toContain('The first line names the columns');
    const template = await staffBrowser.get(`${BULK}/template.csv`);
    expect(template.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(template.headers['content-disposition']).toBe('attachment; filename="patients-to-invite.csv"');
    expect(parse(template.body, { bom: true, columns: true })).toMatchObject([
      { mrn: 'MRN-0001', name: 'Ann Example' },
    ]);
  });

  it('runs in the background with its progress, and then reports on each line', async () => {
    const started = await upload('mrn,email\nM-1,\nM-2,\nM-3,\nM-4,=2+5@example.org\n');
    expect(started.status).toBe(303);
    expect(started.location).toMatch(/^\/practice\/2\/patients\/bulk\/[0-9a-f-]{36}$/);
    const working = await staffBrowser.get(started.location);
    expect(working.headers['refresh']).toBe('2');
    expect(textOf(working)).toContain('0 of 4 lines done, 4 left');
    expect(hasElement(working, 'progress#bar[max="4"][value="0"]')).toBe(true);
    await server.enrollments.processPendingRows();
    const done = await staffBrowser.get(started.location);
    expect(done.headers['refresh']).toBeUndefined();
    const text = textOf(done);
    expect(text).toContain('2 invited, 2 not invited, of 4.');
    expect(text).toContain('No patient of this practice matches');
    expect(text).toContain('ZIP code');
    expect(linksOf(done)).toContain(mailed.path);
    expect(textOf(await staffBrowser.get(BULK))).toContain('4 lines, 2 invited, 2 not');
  });

  it('has a report as CSV, in which a spreadsheet evaluates no cell', async () => {
    const started = await upload('mrn,name,email\n=1+1,@SUM(A1),-2\n+4,\tx,\n');
    await server.enrollments.processPendingRows();
    const report = await staffBrowser.get(`${started.location}/report.csv`);
    expect(report.headers['content-disposition']).toBe('attachment; filename="invited.csv"');
    const rows = parse(report.body, { bom: true }) as string[][];
    expect(rows[0]).toEqual(['line', 'mrn', 'patient_id', 'name', 'birth_date', 'email', 'outcome', 'reason']);
    for (const cell of rows.flat()) expect(cell).not.toMatch(/^[=+\-@\t\r]/);
    expect(rows[1]?.slice(1, 6)).toEqual(["'=1+1", '', "'@SUM(A1)", '', "'-2"]);
  });

  it('prints letters for patients without an email address, each print with new codes', async () => {
    await addChartedPatient(server, { family: 'Second', mrn: 'M-5' });
    const started = await upload('mrn\nM-5\n');
    await server.enrollments.processPendingRows();
    expect(textOf(await staffBrowser.get(started.location))).toContain('1 patient has no email address.');
    const print = async () => {
      const answer = await staffBrowser.post(`${started.location}/letters`, { csrf: await csrfOf(), part: '0' });
      return { answer, codes: letterCodes(answer) };
    };
    const first = await print();
    expect(first.answer.status).toBe(200);
    expect(first.answer.body).toContain('Ann Second');
    const second = await print();
    expect(second.codes.length).toBeGreaterThan(0);
    expect(second.codes).not.toEqual(first.codes);
    for (const part of ['99', '-1', 'x', '']) {
      const { status } = await staffBrowser.post(`${started.location}/letters`, { csrf: await csrfOf(), part });
      expect(status).toBe(200);
    }
  });
});

describe('an invalid file', () => {
  it.each([
    ['nothing', '', 'Choose a CSV file'],
    ['no columns that name a patient', 'a,b\n1,2\n', 'The first line must have column names'],
    ['no patients', 'mrn\n', 'no patients'],
    ['no CSV', 'PK\u0003\u0004', 'The file isn’t a CSV file'],
    ['quotation marks that don’t close', 'mrn\n"M-1\n', 'can’t be read'],
  ])('%s: is explained', async (_what, csv, message) => {
    const { status, body } = await upload(csv);
    expect(status).toBe(400);
    expect(body).toContain(message);
    expect(linksOf(body)).toContain('#file');
  });

  it('larger than 2 MB, with several files, or with an incomplete body is rejected, and nothing is stored', async () => {
    const before = (await server.enrollments.listBulkInvitations(LIVE)).length;
    const large = await upload(`mrn\n${'M-1\n'.repeat(600_000)}`);
    expect({ status: large.status, saysTooLarge: large.body.includes('larger than 2 MB') }).toEqual({
      status: 400,
      saysTooLarge: true,
    });
    const file = { name: 'file', value: 'mrn\nM-1\n', filename: 'a.csv' };
    const two = await send([{ name: 'csrf', value: await csrfOf() }, file, file]);
    expect(two.status).toBe(400);
    const { payload, headers } = multipart([{ name: 'csrf', value: await csrfOf() }, file]);
    const cookie = `session=${staffBrowser.cookie('session')}`;
    for (const broken of [payload.slice(0, -20), payload.slice(0, 60), '', 'x'])
      for (const type of [headers['content-type'], 'multipart/form-data', 'multipart/form-data; boundary=']) {
        const headersOf = { 'content-type': type ?? '', cookie };
        const { statusCode } = await server.app.inject({
          method: 'POST',
          url: BULK,
          payload: broken,
          headers: headersOf,
        });
        expect([400, 403, 406]).toContain(statusCode);
      }
    expect((await server.enrollments.listBulkInvitations(LIVE)).length).toBe(before);
  });

  it('without the CSRF token of the page is rejected, wherever the token is missing', async () => {
    const file = { name: 'file', value: 'mrn\nM-1\n', filename: 'a.csv' };
    const stranger = { name: 'csrf', value: await csrfOf(elsewhere) };
    for (const parts of [[file], [{ name: 'csrf', value: '' }, file], [stranger, file], [{ ...file, name: 'csrf' }]])
      expect((await send(parts)).status).toBe(403);
    expect((await staffBrowser.post(BULK, {})).status).toBe(403);
  });

  it('of a user without permission is rejected', async () => {
    const parts = [
      { name: 'csrf', value: 'x' },
      { name: 'file', value: 'mrn\nM-1\n', filename: 'a.csv' },
    ];
    expect((await send(parts, elsewhere)).status).toBe(404);
    const clinician = await signInAs(server, (await addStaffMember(server, ['live'])).accountId);
    expect((await send(parts, clinician)).status).toBe(403);
    const { payload, headers } = multipart(parts);
    expect((await server.app.inject({ method: 'POST', url: BULK, payload, headers })).statusCode).toBe(401);
  });
});

it('belongs to the practice: another practice’s bulk invitation is not found', async () => {
  await addChartedPatient(server, { family: 'Own', mrn: 'M-6' });
  const started = await upload('mrn\nM-6\n');
  const id = started.location.split('/').at(-1);
  for (const below of [`/${id}`, `/${id}/report.csv`]) {
    expect((await elsewhere.get(`/practice/1/patients/bulk${below}`)).status).toBe(404);
    expect((await elsewhere.get(`${BULK}${below}`)).status).toBe(404);
  }
  const csrf = await csrfOf(elsewhere);
  expect((await elsewhere.post(`/practice/1/patients/bulk/${id}/letters`, { csrf })).status).toBe(404);
  expect((await staffBrowser.post(`${BULK}/${id}/letters`, {})).status).toBe(403);
});
