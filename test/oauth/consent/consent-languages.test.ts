import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addApp, type TestApp } from '../../support/apps/apps.ts';
import { attributeOf, type Html, hiddenFields, textOf } from '../../support/browser/html.ts';
import { encodeForm, type Fields, OAUTH, PatientBrowser } from '../../support/people/patient.ts';
import { SANDBOX_GUARDIAN, SANDBOX_STAFF } from '../../support/people/staff.ts';
import { startServer, type TestServer } from '../../support/servers/server.ts';

let server: TestServer;
let app: TestApp;
beforeAll(async () => {
  server = await startServer({ DYNAMIC_REGISTRATION: 'sandbox' });
  app = await addApp(server);
});
afterAll(() => server.close());

const authorizationQuery = (more: Fields = {}) => ({
  response_type: 'code',
  client_id: app.client_id,
  redirect_uri: app.redirect_uri,
  ...more,
});
const languageOf = (page: Html) => attributeOf(page, 'html', 'lang');
const spanishBrowser = async () => {
  const browser = new PatientBrowser(server.app);
  await browser.get('/language?to=es&return_to=/');
  return browser;
};

describe('OpenID Connect Core §3.1.2.1, ui_locales', () => {
  const shown = async (ui_locales: string, browser = new PatientBrowser(server.app)) =>
    languageOf(await browser.authorize(authorizationQuery({ ui_locales })));

  it('sets the page language if the person has chosen none', async () => {
    expect({
      es: await shown('es'),
      shown: await shown('es-419 en'),
      frEs: await shown('fr es'),
      enEs: await shown('en es'),
    }).toEqual({ es: 'es', shown: 'es', frEs: 'es', enEs: 'en' });
  });
  it('an invalid or unsupported language changes nothing', async () => {
    expect({ unknown: await shown('fr'), broken: await shown(';q=0,es'), long: await shown('x'.repeat(400)) }).toEqual({
      unknown: 'en',
      broken: 'en',
      long: 'en',
    });
  });
  it('overrides the browser’s language, which overrides English', async () => {
    const inBrowser = async (more: Fields, accept: string) =>
      languageOf(
        await server.app.inject({
          method: 'GET',
          url: `${OAUTH}/authorize?${encodeForm({ client_id: 'nobody', ...more })}`,
          headers: { 'accept-language': accept },
        }),
      );
    expect(await inBrowser({}, 'es-MX,es;q=0.9')).toBe('es');
    expect(await inBrowser({ ui_locales: 'en' }, 'es')).toBe('en');
    expect(await inBrowser({ ui_locales: 'fr' }, 'es')).toBe('es');
  });
  it('is overridden by the language that the person chose, which the page lets them change', async () => {
    const browser = new PatientBrowser(server.app);
    const page = await browser.authorize(authorizationQuery({ ui_locales: 'es' }));
    expect(languageOf(page)).toBe('es');
    const back = await browser.get(attributeOf(page, 'a[hreflang=en]', 'href') ?? '');
    const again = await browser.get(back.location ?? '');
    expect(languageOf(again)).toBe('en');
    expect(again.body).toContain('Share your health record with Test App?');
  });
  it('RFC 9126: works in a pushed request too', async () => {
    const { client_id, client_secret = '' } = app;
    const pushed = await server.app.inject({
      method: 'POST',
      url: `${OAUTH}/par`,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: encodeForm({ ...authorizationQuery({ ui_locales: 'es' }), client_id, client_secret }),
    });
    const { request_uri } = pushed.json();
    expect(languageOf(await new PatientBrowser(server.app).authorize({ client_id, request_uri }))).toBe('es');
  });
});

describe('Spanish pages', () => {
  it('the consent page contains no English', async () => {
    const page = await (await spanishBrowser()).authorize(authorizationQuery());
    const text = textOf(page);
    expect(text).toContain('¿Compartir su expediente médico con Test App?');
    expect(text).toContain('Medicinas');
    expect(text).not.toMatch(/\b(share|your|you|the|allow|deny|record|data|until|when|sign)\b/i);
  });
  it('the patient picker and its errors contain no English', async () => {
    const browser = await spanishBrowser();
    const page = await browser.authorize(authorizationQuery(), SANDBOX_GUARDIAN);
    expect(page.body).toContain('¿De quién es el expediente');
    const again = await browser.post(`${OAUTH}/authorize/record`, hiddenFields(page.body));
    expect(again.status).toBe(400);
    expect(textOf(again, 'title')).toContain('Error: ¿De quién es');
    expect(again.body).toContain('Elija un expediente.');
  });
  it('a decision works as it does in English', async () => {
    const browser = await spanishBrowser();
    const done = await browser.submitConsent(await browser.authorize(authorizationQuery({ state: 's' })));
    expect(new URL(done.location ?? '').searchParams.has('code')).toBe(true);
  });
  it('staff pages are in Spanish too, and link to English', async () => {
    const staffApp = await addApp(server, { kind: 'staff', scope: 'openid user/*.rs' });
    const browser = await spanishBrowser();
    const { client_id, redirect_uri } = staffApp;
    const page = await browser.authorize({ response_type: 'code', client_id, redirect_uri }, SANDBOX_STAFF);
    expect({ language: languageOf(page), hasQuestion: page.body.includes('¿Abrir Test App?') }).toEqual({
      language: 'es',
      hasQuestion: true,
    });
    const back = await browser.get(attributeOf(page, 'a[hreflang=en]', 'href') ?? '');
    expect((await browser.get(back.location ?? '')).body).toContain('Open Test App?');
  });

  describe('error pages when authorization cannot continue', () => {
    const problem = async (query: Fields, person?: typeof SANDBOX_GUARDIAN) => {
      const page = await (await spanishBrowser()).authorize(query, person);
      expect({ location: page.location, language: languageOf(page) }).toEqual({ location: undefined, language: 'es' });
      return page.body;
    };
    it('for an app that is unknown or cannot be used', async () => {
      expect(await problem({ client_id: 'nobody' })).toContain('Este servidor no reconoce la aplicación');
      const suspended = await addApp(server, { name: 'Gone' });
      await server.db.queryText("update app set state = 'suspended' where client_id = $1", [suspended.client_id]);
      expect(await problem(authorizationQuery({ client_id: suspended.client_id }))).toMatch(
        /no se puede usar en este momento/,
      );
    });
    it('for an invalid redirect URI, which the developer sees in English in the log', async () => {
      expect(await problem(authorizationQuery({ redirect_uri: 'https://evil.example/' }))).toMatch(
        /no tiene registrada/,
      );
      await expect
        .poll(async () =>
          (
            await server.db.queryText<{ cause: string }>('select cause from app_request where client_id = $1', [
              app.client_id,
            ])
          )
            .map(({ cause }) => cause)
            .join(),
        )
        .toContain('redirect_uri matches no registered redirect URI');
    });
    it('for an app of another audience', async () => {
      expect(await problem(authorizationQuery(), SANDBOX_STAFF)).toContain('es para pacientes');
      const staffApp = await addApp(server, { kind: 'staff', scope: 'user/*.rs' });
      expect(await problem(authorizationQuery({ client_id: staffApp.client_id }))).toContain('es para el personal');
    });
    it('for a request that has expired or is too long', async () => {
      const expired = { client_id: app.client_id, request_uri: 'urn:ietf:params:oauth:request_uri:x' };
      expect(await problem(expired)).toContain('venció o no existe');
      expect(await problem(authorizationQuery({ state: 's'.repeat(7000) }))).toContain('demasiado larga');
    });
    it('for a form that is outdated or answers a question that was not asked', async () => {
      const browser = await spanishBrowser();
      const page = await browser.authorize(authorizationQuery());
      const stale = await browser.post(`${OAUTH}/authorize/decision`, { ...hiddenFields(page.body), csrf: 'x' });
      expect({
        status: stale.status,
        hasReason: stale.body.includes('Pasó mucho tiempo desde que abrió esta página'),
      }).toEqual({ status: 403, hasReason: true });
      const odd = await browser.submitConsent(page, { duration: 'P7Y' });
      expect({ status: odd.status, hasReason: odd.body.includes('Elija un plazo de la lista') }).toEqual({
        status: 400,
        hasReason: true,
      });
    });
    it('RFC 9700 §4.11.2: for a self-registered app with an invalid request', async () => {
      const registration = await server.app.inject({
        method: 'POST',
        url: `${OAUTH}/register`,
        payload: { client_name: 'Itself', redirect_uris: ['https://itself.example/cb'] },
      });
      const { client_id } = registration.json();
      const query = { response_type: 'token', client_id, redirect_uri: 'https://itself.example/cb', ui_locales: 'es' };
      const page = await new PatientBrowser(server.app).get(`${OAUTH}/authorize?${encodeForm(query)}`);
      expect({
        status: page.status,
        hasReason: page.body.includes('envió una solicitud que no se puede completar'),
      }).toEqual({ status: 400, hasReason: true });
    });
  });
});
