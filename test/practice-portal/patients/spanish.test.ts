import { parse as parseCsv } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findEnglish } from '../../support/browser/english-text.ts';
import { attributeOf, hasElement, hiddenFields, textOf, titleOf } from '../../support/browser/html.ts';
import type { BrowserResponse, PatientBrowser } from '../../support/people/patient.ts';
import { addStaffMember, signInAs } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';
import {
  addChartedPatient,
  addPatientAccount,
  addRepresentativeAccount,
  type ChartedPatient,
  LIVE,
  letterCodes,
} from './charted-patients.ts';

const LIST = `/practice/${LIVE}/patients`;
const BULK = `${LIST}/bulk`;

let server: TestServer;
let staffBrowser: PatientBrowser;
/** A patient with an account, a representative, and a related person who isn't invited. */
let enrolled: ChartedPatient;
let invited: ChartedPatient;
let account: string;
let invitation: string;
beforeAll(async () => {
  server = await startServer();
  const roles = ['front-desk', 'administrator', 'clinician'] as const;
  staffBrowser = await signInAs(server, (await addStaffMember(server, ['live'], roles)).accountId);
  await staffBrowser.get(`/language?${new URLSearchParams({ to: 'es', return_to: LIST })}`);
  const related = ['Pat Padilla', 'Paz Padilla'].map((name) => ({ name, relationship: 'Madre' }));
  enrolled = await addChartedPatient(server, { family: 'Padilla', phones: ['520-555-0142'], related });
  account = `accounts/${(await addPatientAccount(server, enrolled, { name: 'Ana Padilla' })).accountId}`;
  await addRepresentativeAccount(server, enrolled, 'Pat Padilla');
  invited = await addChartedPatient(server, { family: 'Quiroga', mrn: 'MRN-9', emails: ['ana@example.org'], related });
  const by = { accountId: undefined, requestId: 'test' };
  const request = { recordId: invited.recordId, whom: { kind: 'patient' }, language: 'en' } as const;
  const { invitationId } = await server.enrollments.invite(by, { ...request, email: 'ana@example.org' });
  invitation = `invitations/${invitationId}`;
});
afterAll(() => server.close());

/** Opens the page of an action, and sends its form with these answers. */
async function act(path: string, answers: Record<string, string>): Promise<BrowserResponse> {
  const page = await staffBrowser.get(path);
  return staffBrowser.post(path, { ...hiddenFields(page.body), ...answers });
}

/** Names of practices and people, and texts that a chart or a person contains. */
const DATA = ['Practice', 'Dr. Test'];

function expectSpanish(page: { readonly body: string }): void {
  expect(attributeOf(page, 'html', 'lang')).toBe('es');
  expect(findEnglish(page, DATA)).toEqual([]);
}

/** Uploads a file for bulk invitations, as a browser does (RFC 7578). */
async function upload(csv: string): Promise<{ status: number; body: string; location: string }> {
  const { csrf = '' } = hiddenFields((await staffBrowser.get(BULK)).body);
  const part = (name: string, value: string, more = '') =>
    `--limit\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${value}\r\n`;
  const payload = `${part('csrf', csrf)}${part('file', csv, '; filename="a.csv"\r\nContent-Type: text/csv')}--limit--\r\n`;
  const cookie = `session=${staffBrowser.cookie('session')}; language=es`;
  const headers = { cookie, 'content-type': 'multipart/form-data; boundary=limit' };
  const {
    statusCode,
    body,
    headers: answered,
  } = await server.app.inject({ method: 'POST', url: BULK, payload, headers });
  return { status: statusCode, body, location: String(answered.location) };
}

describe('for staff who chose Spanish', () => {
  it('the patient list is in Spanish, with long dates, and links to English', async () => {
    const list = await staffBrowser.get(LIST);
    expectSpanish(list);
    expect(titleOf(list)).toBe('Pacientes');
    expect(textOf(list)).toContain('4 de julio de 1974 Con invitación Ver la invitación');
    expect(textOf(list, 'nav.pills')).toMatch(/Todos \d+ Sin cuenta \d+/);
    expect(attributeOf(list, 'a[hreflang=en]', 'href')).toContain('to=en');
    for (const query of ['words=xyz', 'words=quiroga', 'words=quiroga&status=locked', 'status=locked'])
      expectSpanish(await staffBrowser.get(`${LIST}?${query}`));
  });

  it('the search accepts Spanish words before a birth date or number', async () => {
    const found = await staffBrowser.get(
      `${LIST}?${new URLSearchParams({ words: 'nacida 7/4/1974 expediente MRN-9' })}`,
    );
    expect(textOf(found, 'table.patients tbody')).toMatch(/^Ann Quiroga/);
  });

  it('the patient’s page is in Spanish', async () => {
    const page = await staffBrowser.get(enrolled.path);
    expectSpanish(page);
    for (const text of [
      'La cuenta del paciente',
      'Con cuenta',
      'Datos del expediente',
      '(520) 555-0142',
      'cuenta activa',
    ])
      expect(textOf(page)).toContain(text);
    const open = await staffBrowser.get(`${invited.path}?done=mailed`);
    expectSpanish(open);
    expect(textOf(open)).toContain('Se creó la invitación. Ahora dé el código');
    expect(textOf(open)).toMatch(/correo electrónico a ana@example.org para el paciente, por la línea de comandos/);
  });

  it.each([
    ['a patient', () => `${invited.path}/enroll`],
    ['a representative', () => `${enrolled.path}/related/${enrolled.relatedPersonIds[1]}/invite`],
  ])('inviting %s is in Spanish, and so are the errors', async (_whom, path) => {
    expectSpanish(await staffBrowser.get(path()));
    const wrong = await act(path(), { way: 'other', other: 'no address', language: 'en' });
    expect(wrong.status).toBe(400);
    expectSpanish(wrong);
    expect(textOf(wrong, 'title')).toMatch(/^Error: Invitar a /);
    expect(textOf(wrong)).toContain('Escriba una dirección de correo electrónico válida');
    expect(attributeOf(wrong, 'a[hreflang=en]', 'href')).toContain(encodeURIComponent(path()));
  });

  it('a rejected invitation is explained in Spanish', async () => {
    const taken = await addChartedPatient(server, { family: 'Tomada' });
    await addPatientAccount(server, taken, { name: 'Otra Persona', email: 'tomada@example.org' });
    const patient = await addChartedPatient(server, { family: 'Rechazada', emails: ['tomada@example.org'] });
    const rejected = await act(`${patient.path}/enroll`, { way: 'mail tomada@example.org', language: 'es' });
    expect(textOf(rejected)).toContain('Otra persona ya usa esta dirección de correo');
    expectSpanish(rejected);
  });

  it.each([
    ['code', { way: '' }],
    ['resend', undefined],
    ['cancel', undefined],
  ])('the page "%s" of an invitation is in Spanish', async (action, answers) => {
    const path = `${invited.path}/${invitation}/${action}`;
    expectSpanish(await staffBrowser.get(path));
    if (answers !== undefined) expectSpanish(await act(path, answers));
  });

  it('the code of an invitation is given in Spanish', async () => {
    const page = await act(`${invited.path}/${invitation}/code`, { way: 'in-person' });
    expectSpanish(page);
    expect(textOf(page, 'p.code > b')).toMatch(/^\d{3} \d{3}$/);
  });

  it.each(['decline', 'deactivate', 'lost-password', 'end'])(
    'the page "%s" is in Spanish, and so are its errors',
    async (action) => {
      const representative = await server.db.queryText<{ account_id: string }>(
        "select account_id from representation where record_id = $1 and relationship = 'representative'",
        [enrolled.recordId],
      );
      const path = {
        decline: `${invited.path}/decline`,
        end: `${enrolled.path}/accounts/${representative[0]?.account_id}/end`,
      }[action];
      const form = path ?? `${enrolled.path}/${account}/${action}`;
      expectSpanish(await staffBrowser.get(form));
      const wrong = await act(form, { reason: '', who: '' });
      expect(wrong.status).toBe(400);
      expectSpanish(wrong);
    },
  );

  it('a locked account is described and unlocked in Spanish', async () => {
    const patient = await addChartedPatient(server, { family: 'Bloqueada' });
    const path = `${patient.path}/accounts/${(await addPatientAccount(server, patient)).accountId}`;
    const done = await act(`${path}/deactivate`, { reason: 'lo pidió' });
    const page = await staffBrowser.get(done.location ?? '');
    expectSpanish(page);
    expect(textOf(page)).toContain('Cuenta bloqueada');
    const unlock = await staffBrowser.get(`${path}/unlock`);
    expectSpanish(unlock);
    expect(textOf(unlock)).toContain('Motivo registrado: lo pidió.');
  });

  it('a reason that the server recorded itself is translated', async () => {
    const patient = await addChartedPatient(server, { family: 'Declinada' });
    await server.enrollments.decline(
      { accountId: undefined, requestId: 'test' },
      patient.recordId,
      'Declined on the invitation page',
    );
    const page = await staffBrowser.get(patient.path);
    expectSpanish(page);
    expect(textOf(page)).toContain('El paciente no desea una cuenta: Rechazada en la página de la invitación.');
  });

  it('a printed letter is in the language of the patient, inside a page in Spanish', async () => {
    const patient = await addChartedPatient(server, { family: 'Carta' });
    const letter = await act(`${patient.path}/enroll`, { way: 'letter', language: 'en' });
    expectSpanish(letter);
    expect(textOf(letter, '.unprinted')).toContain('Imprima esta página ahora');
    expect(textOf(letter, 'article.letter[lang=en]')).toContain('Dear Ann Carta');
    expect(letterCodes(letter)).toHaveLength(1);
    expect(hasElement(letter, 'a[hreflang]'), 'a link to the other language would lose the letter').toBe(false);
  });

  it('bulk invitations are in Spanish, from the file’s errors to the letters', async () => {
    expectSpanish(await staffBrowser.get(BULK));
    const wrong = await upload('email\nx@example.org\n');
    expect(wrong.status).toBe(400);
    expectSpanish(wrong);
    expect(textOf(wrong)).toContain('La primera línea debe tener los nombres de las columnas');
    await addChartedPatient(server, { family: 'Masiva', mrn: 'M-1' });
    const started = await upload('mrn\nM-1\nM-2\n');
    expectSpanish(await staffBrowser.get(started.location));
    await server.enrollments.processPendingRows();
    const done = await staffBrowser.get(started.location);
    expectSpanish(done);
    expect(textOf(done)).toContain('1 con invitación, 1 sin invitación, de un total de 2.');
    expect(textOf(done)).toContain('Ningún paciente de este consultorio coincide con la línea.');
    expectSpanish(await staffBrowser.post(`${started.location}/letters`, { ...hiddenFields(done.body), part: '0' }));
  });

  it('the CSV report has English column names, as the uploaded file, and outcomes in Spanish', async () => {
    const started = await upload('mrn\nM-none\n');
    await server.enrollments.processPendingRows();
    const { body } = await staffBrowser.get(`${started.location}/report.csv`);
    const [columns, row] = parseCsv(body, { bom: true }) as string[][];
    expect(columns).toEqual(['line', 'mrn', 'patient_id', 'name', 'birth_date', 'email', 'outcome', 'reason']);
    expect(row?.slice(-2)).toEqual(['sin invitación', 'Ningún paciente de este consultorio coincide con la línea.']);
  });

  it('the launcher is in Spanish', async () => {
    const launcher = await staffBrowser.get('/practice/launch?words=quiroga');
    expectSpanish(launcher);
    expect(textOf(launcher)).toContain('1 paciente');
    expect(textOf(launcher)).toContain('Nació el 4 de julio de 1974');
    const app = await staffBrowser.get(`/practice/launch?patient=${LIVE}-${invited.patientId}`);
    expectSpanish(app);
    expect(titleOf(app)).toBe('Abrir una aplicación para Ann Quiroga');
  });

  it('an unknown patient and a missing role are explained in Spanish', async () => {
    const unknown = await staffBrowser.get(`${LIST}/${server.clock.now().getTime()}`);
    expect(unknown.status).toBe(404);
    expectSpanish(unknown);
    const denied = await staffBrowser.get(`/practice/${LIVE}/disclosures`);
    expect(denied.status).toBe(403);
    expectSpanish(denied);
  });
});

it('staff who did not choose a language get the language of their browser', async () => {
  const { accountId } = await addStaffMember(server, ['live'], ['front-desk']);
  const cookie = `session=${(await signInAs(server, accountId)).cookie('session')}`;
  const page = await server.app.inject({ url: LIST, headers: { cookie, 'accept-language': 'es-MX,es;q=0.9' } });
  expect(titleOf(page)).toBe('Pacientes');
  expect(hasElement(page, 'a[lang=en][hreflang=en]')).toBe(true);
});
