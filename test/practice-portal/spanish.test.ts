import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuditLog } from '../../src/audit/index.ts';
import { findAccountByUsername, findAccountProfile } from '../../src/identity/index.ts';
import { days, later, minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { listLatestEmails } from '../../src/mail/index.ts';
import { inviteAdministrator } from '../../src/practice-portal/index.ts';
import { addApp } from '../support/apps/apps.ts';
import {
  attributeOf,
  attributesOf,
  hasElement,
  hiddenFields,
  linksOf,
  textOf,
  textsOf,
  titleOf,
} from '../support/browser/html.ts';
import { inClear } from '../support/in-clear.ts';
import { type BrowserResponse, connectApp, getFhir, PatientBrowser, R4 } from '../support/people/patient.ts';
import {
  addAnotherPractice,
  formErrors,
  SANDBOX_PRACTICE,
  type SignedInStaff,
  signInAdministrator,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const PRACTICE = `/practice/${SANDBOX_PRACTICE}`;
const ADMINISTRATION = '/practice/administration';
const ORIGIN = 'http://localhost:8080';
const PASSWORD = 'orange lamp seventeen rivers';

/** Words of English sentences, none of which is a word of Spanish or a part of a name in these tests. */
const ENGLISH =
  /(?<![\p{L}\p{N}])(the|of|and|to|or|for|with|this|that|your|you|is|are|can|an|by|on|at|in)(?![\p{L}\p{N}])/iu;

let server: TestServer;
let boss: SignedInStaff;
let ada: SignedInStaff;
let colleague: SignedInStaff;
let reader: { readonly client_id: string };
beforeAll(async () => {
  server = await startServer();
  boss = await inSpanish(
    await signInStaff(server, ['administrator', 'privacy-officer'], [SANDBOX_PRACTICE], 'Bea Boss'),
  );
  ada = await inSpanish(await signInAdministrator(server));
  colleague = await signInStaff(
    server,
    ['clinician', 'front-desk', 'privacy-officer'],
    [SANDBOX_PRACTICE],
    'Fay Front',
  );
  const app = await addApp(server, { name: 'Reader' });
  reader = app;
  const { access_token: token, patient } = await connectApp(server.app, app, { scope: 'launch/patient patient/*.rs' });
  await getFhir(server.app, `${R4}/Observation?patient=${patient}&_count=3`, token);
});
afterAll(() => server.close());

/** Chooses Spanish as a reader does, with the link at the end of each page. */
async function inSpanish(person: SignedInStaff): Promise<SignedInStaff> {
  await person.browser.get('/language?to=es&return_to=/practice');
  return person;
}

const spanishVisitor = async (): Promise<PatientBrowser> => {
  const browser = new PatientBrowser(server.app);
  await browser.get('/language?to=es&return_to=/');
  return browser;
};

/** Returns what a reader sees or hears of a page, without the subject and text of emails, and suggestions. */
const contentOf = (page: BrowserResponse): string =>
  [
    textOf(page, 'head title'),
    textOf(page, 'nav'),
    ...textsOf(page, 'main :is(h1, h2:not(.email > h2), p, li, label, legend, button, th, td)'),
    ...textsOf(page, 'main option'),
    ...attributesOf(page, '[aria-label]', 'aria-label'),
    ...attributesOf(page, '[data-name]', 'data-name'),
    ...attributesOf(page, 'img', 'alt'),
  ].join('\n');

const englishIn = (page: BrowserResponse): string | undefined => {
  const text = contentOf(page);
  const at = ENGLISH.exec(text)?.index;
  return at === undefined ? undefined : text.slice(Math.max(0, at - 60), at + 60);
};

const expectSpanish = (page: BrowserResponse): void => {
  expect(attributeOf(page, 'html', 'lang')).toBe('es');
  expect(englishIn(page)).toBeUndefined();
};

const invite = async (): Promise<string> => {
  const audit = createAuditLog({ db: server.db, clock: server.clock, random });
  const deps = { clock: server.clock, random, audit, publicUrl: ORIGIN };
  const { link } = await server.db.transaction((tx) =>
    inviteAdministrator(tx, deps, { accountId: undefined }, { name: 'Inés Sol' }),
  );
  return link.slice(ORIGIN.length);
};

describe('a page of the practice portal for a reader who chose Spanish', () => {
  const pages: readonly (readonly [path: string, title: string])[] = [
    ['apps', 'Aplicaciones que usan los pacientes'],
    ['disclosures', 'Informe de acceso a datos'],
    ['settings', 'Configuración del consultorio'],
    ['settings/logo', 'Logotipo'],
    ['settings/api', '¿Desactivar la API?'],
    ['settings/preview', 'Así ven los pacientes Sandbox Family Practice'],
    ['staff', 'Personal de Sandbox Family Practice'],
    ['staff/invite', 'Invitar a un miembro del personal a Sandbox Family Practice'],
    ['staff/:colleague', 'Fay Front'],
    ['staff/:colleague/remove', '¿Quitar a Fay Front?'],
    ['staff/:colleague/lock', '¿Bloquear la cuenta de Fay Front?'],
    ['staff/:colleague/lost-factor', 'Restablecer el segundo paso de Fay Front'],
  ];
  it.each(pages)('%s has no English', async (path, title) => {
    const page = await boss.browser.get(`${PRACTICE}/${path.replace(':colleague', colleague.accountId)}`);
    expect(titleOf(page)).toBe(title);
    expectSpanish(page);
  });

  it('about canceling an invitation has no English, with and without an email address', async () => {
    for (const email of ['iris@example.org', '']) {
      await submitForm(boss.browser, `${PRACTICE}/staff/invite`, { name: 'Iris Luna', email, roles: 'front-desk' });
      const list = await boss.browser.get(`${PRACTICE}/staff`);
      const path = attributeOf(list, 'a[aria-label="Cancelar la invitación de Iris Luna"]', 'href') ?? '';
      const question = await boss.browser.get(path);
      expect(titleOf(question)).toBe('¿Cancelar la invitación de Iris Luna?');
      expectSpanish(question);
      const canceled = await submitForm(boss.browser, path);
      expectSpanish(await boss.browser.get(canceled.location ?? ''));
    }
    expectSpanish(await boss.browser.get(`${PRACTICE}/staff?done=not-undone`));
  });

  it('about removing an administrator has no English', async () => {
    const grace = await signInAdministrator(server, 'Grace Hopper');
    for (const { accountId } of [grace, ada])
      expectSpanish(await ada.browser.get(`${ADMINISTRATION}/administrators/${accountId}/remove`));
  });

  it.each([
    [ADMINISTRATION, 'Consultorios'],
    [`${ADMINISTRATION}/practices/new`, 'Crear un consultorio'],
    [`${ADMINISTRATION}/administrators`, 'Administradores'],
    [`${ADMINISTRATION}/administrators/invite`, 'Invitar a un administrador'],
    ['/outbox', 'Bandeja de salida'],
  ])('%s has no English', async (path, title) => {
    const page = await ada.browser.get(path);
    expect(titleOf(page)).toBe(title);
    expectSpanish(page);
  });

  it('lets staff of several practices choose one', async () => {
    const other = await addAnotherPractice(server, 'North Side');
    const person = await inSpanish(await signInStaff(server, ['privacy-officer'], [SANDBOX_PRACTICE, other]));
    const page = await person.browser.get('/practice');
    expect(titleOf(page)).toBe('Elija un consultorio');
    expect(textOf(page)).toContain('Su función: oficial de privacidad');
    expectSpanish(page);
  });

  it('joins roles as Spanish does', async () => {
    const page = await boss.browser.get(`${PRACTICE}/staff`);
    expect(textOf(page)).toContain('profesional de salud, recepción y oficial de privacidad');
  });

  it('shows dates, numbers and data categories in Spanish', async () => {
    const now = server.clock.now();
    const local = (at: Date) => at.toISOString().slice(0, 16);
    const query = { app: reader.client_id, from: local(later(now, -days(2))), to: local(later(now, minutes(1))) };
    const page = await boss.browser.get(`${PRACTICE}/disclosures?${new URLSearchParams(query)}`);
    expect(textOf(page)).toContain('Reader leyó datos de 1 paciente');
    expect(textOf(page)).toContain('nació el 7 de julio de 1974');
    expect(attributesOf(page, 'td[data-name]', 'data-name')).toEqual([
      'Usada por',
      'Datos',
      'Primera lectura',
      'Última lectura',
    ]);
    expectSpanish(page);
  });

  it('links to English, also if it shows the errors of a form', async () => {
    const path = `${PRACTICE}/staff/invite`;
    const failed = await submitForm(boss.browser, path, {});
    expect(linksOf(failed)).toContain(`/language?${new URLSearchParams({ to: 'en', return_to: path })}`);
  });

  it('has no language link beside a link that is shown only once', async () => {
    const made = await submitForm(boss.browser, `${PRACTICE}/staff/invite`, { name: 'Ned', roles: 'front-desk' });
    expect(titleOf(made)).toBe('Enlace de invitación para Ned');
    expect(hasElement(made, '[hreflang]')).toBe(false);
    expectSpanish(made);
  });

  it.each([
    [`${PRACTICE}/settings?done=saved`, 'Se guardaron los cambios. Los pacientes ya los ven.'],
    [`${PRACTICE}/staff?done=locked`, 'Se bloqueó la cuenta.'],
    [`${PRACTICE}/staff?done=invited`, 'La invitación se creó pero no se envió'],
  ])('%s confirms the action in Spanish', async (path, notice) => {
    expect(textOf(await boss.browser.get(path), '[role=status]')).toContain(notice);
  });

  it('shows no notice for an unknown action', async () => {
    for (const done of ['constructor', '__proto__', 'x'])
      expect(hasElement(await boss.browser.get(`${PRACTICE}/staff?done=${done}`), '[role=status]')).toBe(false);
  });
});

describe('the error messages of a form in Spanish', () => {
  const expectErrors = (page: BrowserResponse, errors: readonly string[]): void => {
    expect({ status: page.status, errors: formErrors(page) }).toEqual({ status: 400, errors });
    expect(textOf(page, 'title')).toMatch(/^Error: /);
    expectSpanish(page);
  };

  it('settings', async () => {
    const wrong = {
      name: '',
      phone: 'x',
      email: 'x',
      website: 'http://x.example',
      address: 'x'.repeat(301),
      npi: '1',
      color: 'blanco',
      timeZone: 'Nowhere',
    };
    expectErrors(await submitForm(boss.browser, `${PRACTICE}/settings`, wrong), [
      'name: Escriba el nombre del consultorio',
      'phone: Escriba un número de teléfono, por ejemplo 555-010-2030 o +1 555 010 2030 ext. 4',
      'email: Escriba una dirección de correo válida, por ejemplo recepcion@example.org',
      'website: La dirección del sitio web debe empezar con https://',
      'address: La dirección puede tener 6 líneas y 300 caracteres como máximo',
      'npi: Escriba un NPI válido de 10 dígitos. Búsquelo en npiregistry.cms.hhs.gov',
      'color: Escriba el color como # y 6 dígitos hexadecimales, por ejemplo #0b5f6b',
      'timeZone: No conocemos la zona horaria «Nowhere». Escriba una ciudad grande de la misma zona horaria, o una zona horaria, por ejemplo hora oriental',
    ]);
  });

  it('the logo, and the page that turns the API off', async () => {
    expectErrors(await submitForm(boss.browser, `${PRACTICE}/settings/logo`), ['logo: Elija un archivo']);
    expectErrors(await submitForm(boss.browser, `${PRACTICE}/settings/api`), [
      'sure: Marque la casilla para confirmar',
    ]);
  });

  it('staff', async () => {
    expectErrors(await submitForm(boss.browser, `${PRACTICE}/staff/invite`, { email: 'x', practitioner: 'x' }), [
      'name: Escriba el nombre de la persona, con 100 caracteres como máximo',
      'email: Escriba una dirección de correo válida, por ejemplo nombre@example.org',
      'roles: Elija al menos una función',
      'practitioner: Elija un profesional de la lista, o «Ninguno»',
    ]);
    const path = `${PRACTICE}/staff/${colleague.accountId}`;
    expectErrors(await submitForm(boss.browser, `${path}/lock`), ['reason: Escriba un motivo']);
    expectErrors(await submitForm(boss.browser, `${path}/lost-factor`), [
      'proofing: Escriba cómo comprobó la identidad de la persona',
    ]);
    expectErrors(await submitForm(boss.browser, `${PRACTICE}/staff/${boss.accountId}`, { roles: 'front-desk' }), [
      'roles: Usted es la única persona que administra este consultorio. Primero nombre administrador a otra persona',
    ]);
  });

  it('administration', async () => {
    expectErrors(await submitForm(ada.browser, `${ADMINISTRATION}/practices/new`), [
      'name: Escriba un nombre de consultorio de 100 caracteres como máximo',
      'kind: Elija un consultorio real o de prueba',
    ]);
    const taken = { name: 'Sandbox Family Practice', kind: 'live' };
    expectErrors(await submitForm(ada.browser, `${ADMINISTRATION}/practices/new`, taken), [
      'name: Ya existe un consultorio con ese nombre. Elija otro',
    ]);
  });

  it('the report of data access, on its page and as a file', async () => {
    const path = `${PRACTICE}/disclosures`;
    expectErrors(await boss.browser.get(`${path}?app=x&from=&to=`), [
      'app: Elija una aplicación de la lista',
      'from: Escriba el primer día',
      'to: Escriba el último día',
    ]);
    const file = await boss.browser.get(`${path}/csv?app=x&from=&to=`);
    expect(file.status).toBe(400);
    expect(textOf(file)).toContain('Elija una aplicación de la lista. Escriba el primer día.');
  });

  it('a page that the role doesn’t include', async () => {
    const { browser } = await inSpanish(await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE]));
    const page = await browser.get(`${PRACTICE}/apps`);
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain(
      'necesita esta función en Sandbox Family Practice: administrador del consultorio u oficial de privacidad.',
    );
    expectSpanish(page);
  });

  it('an account that also works elsewhere', async () => {
    const other = await addAnotherPractice(server, 'South Side');
    const person = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE, other], 'Two Jobs');
    const path = `${PRACTICE}/staff/${person.accountId}`;
    const { browser } = boss;
    const csrf = hiddenFields(await browser.get(path))['csrf'] ?? '';
    const page = await browser.post(`${path}/lock`, { csrf, reason: 'lost phone' });
    expect(page.status).toBe(403);
    expect(textOf(page)).toContain('Pida a un administrador de la instalación que lo haga.');
  });
});

describe('an invitation', () => {
  it('is accepted in Spanish, and the account keeps this language for its emails', async () => {
    const path = await invite();
    const browser = await spanishVisitor();
    const page = await browser.get(path);
    expect(titleOf(page)).toMatch(/^Administre /);
    expectSpanish(page);
    const failed = await submitForm(browser, path, { username: 'x', password: 'short' });
    expect(formErrors(failed)).toEqual([
      'username: Elija un nombre de usuario de 3 a 100 letras, números o . _ @ + -',
      'password: Elija una contraseña de al menos 15 caracteres',
    ]);
    expectSpanish(failed);
    const made = await submitForm(browser, path, { username: 'ines-sol', password: PASSWORD });
    expect(made.status).toBe(303);
    const account = await findAccountByUsername(server.db, 'ines-sol');
    const profile = account && (await findAccountProfile(server.db, account.accountId));
    expect(profile?.language).toBe('es');
  });

  it('offers a signed-in person to accept it with that account', async () => {
    const page = await boss.browser.get(await invite());
    expect(textOf(page)).toContain('Usted inició sesión como Bea Boss');
    expectSpanish(page);
  });

  it('that is no longer valid says so', async () => {
    const page = await (await spanishVisitor()).get('/join/unknown');
    expect(page.status).toBe(404);
    expectSpanish(page);
  });

  it('is emailed in the language of the account with that address, and in English to anyone else', async () => {
    const person = await signInStaff(server, ['front-desk'], [SANDBOX_PRACTICE]);
    await server.db.queryText("update account set email = 'sol@example.org', language = 'es' where account_id = $1", [
      person.accountId,
    ]);
    const send = async (email: string) => {
      await submitForm(boss.browser, `${PRACTICE}/staff/invite`, { name: 'Sol', email, roles: 'front-desk' });
      return (await listLatestEmails(server.db, inClear, 1))[0];
    };
    const spanish = await send('Sol@example.org');
    expect(spanish?.subject).toBe('Su invitación a Sandbox Family Practice');
    expect(spanish?.content).toMatch(/^Hola, Sol:[\s\S]*El enlace sirve una sola vez y vence el /);
    expect(spanish?.content).not.toMatch(ENGLISH);
    const english = await send('someone-new@example.org');
    expect(english?.subject).toBe('Your invitation to Sandbox Family Practice');
  });
});
