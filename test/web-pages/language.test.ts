import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attributeOf, attributesOf, linkIn, textOf } from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

describe('a password field', () => {
  it.each([
    ['en', 'Show password', 'Show'],
    ['es', 'Mostrar contraseña', 'Mostrar'],
  ])('has a button that shows the password, hidden without JavaScript: %s', async (language, label, text) => {
    const page = await server.app.inject({ url: '/sign-in', headers: { cookie: `language=${language}` } });
    const button = '.password-field button[type=button][aria-controls=password][hidden]';
    expect({ label: attributeOf(page, button, 'aria-label'), text: textOf(page, button) }).toEqual({ label, text });
    expect(attributesOf(page, 'script', 'src')).toContain('/assets/show-password.js');
    expect((await server.app.inject('/assets/show-password.js')).statusCode).toBe(200);
  });
});

describe('a person chooses the language of the pages', () => {
  it('by a link in the other language, which leads back to the page and is remembered', async () => {
    const browser = new PatientBrowser(server.app);
    const first = await browser.get('/sign-in?return_to=%2Fdemo');
    expect(attributeOf(first, 'html', 'lang')).toBe('en');
    expect(textOf(first, 'a[lang=es][hreflang=es]')).toBe('Español');
    const chosen = await browser.get(linkIn(first, '^/language\\?'));
    expect({ status: chosen.status, location: chosen.location }).toEqual({
      status: 303,
      location: '/sign-in?return_to=%2Fdemo',
    });
    expect(attributeOf(await browser.get(chosen.location ?? ''), 'html', 'lang')).toBe('es');
    expect((await browser.get('/nowhere')).body).toContain('No encontramos esa página');
  });
  it('and before that Accept-Language applies (RFC 9110 §12.5.4)', async () => {
    const { body } = await server.app.inject({ url: '/nowhere', headers: { 'accept-language': 'es-MX' } });
    expect(attributeOf(body, 'html', 'lang')).toBe('es');
  });
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    '',
  ])('without a redirect to another site: %s (CWE-601)', async (to) => {
    const { headers } = await server.app.inject(`/language?${new URLSearchParams({ to: 'es', return_to: to })}`);
    const location = String(headers.location);
    expect(new URL(location, 'http://localhost:8080').origin).toBe('http://localhost:8080');
    expect(location.startsWith('//')).toBe(false);
  });
  it('and an unknown language changes nothing', async () => {
    const { headers, statusCode } = await server.app.inject('/language?to=xx&return_to=/demo');
    expect({ statusCode, location: headers.location, setCookie: headers['set-cookie'] }).toEqual({
      statusCode: 303,
      location: '/demo',
      setCookie: undefined,
    });
  });
});

describe('an error page', () => {
  it('is in the person’s language, whatever the error', async () => {
    const headers = { 'accept-language': 'es', 'content-type': 'application/x-www-form-urlencoded' };
    const expired = await server.app.inject({ method: 'POST', url: '/sign-in', headers, payload: 'csrf=x' });
    const missing = await server.app.inject({ url: '/nowhere', headers });
    for (const { body } of [expired, missing]) {
      expect(body).not.toMatch(/\b(the|page|try again|address)\b/i);
      expect(body).toMatch(/página/);
    }
  });
});
