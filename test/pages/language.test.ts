import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PatientBrowser } from '../support/patient.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const linkIn = (html: string) =>
  /href="(\/language\?[^"]+)"/
    .exec(html)?.[1]
    ?.replaceAll(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))) ?? '';

describe('a person chooses the language of the pages', () => {
  it('by a link in the other language, which leads back to the page and holds from then on', async () => {
    const browser = new PatientBrowser(server.app);
    const first = await browser.get('/sign-in?return_to=%2Fdemo');
    expect(first.body).toMatch(/<html lang="en">[\s\S]*<a lang="es" hreflang="es" [^>]*>Español<\/a>/);
    const chosen = await browser.get(linkIn(first.body));
    expect([chosen.status, chosen.location]).toEqual([303, '/sign-in?return_to=%2Fdemo']);
    expect((await browser.get(chosen.location ?? '')).body).toContain('<html lang="es">');
    expect((await browser.get('/nowhere')).body).toContain('Aquí no hay nada');
  });
  it('what the browser asks for counts until then (RFC 9110 §12.5.4)', async () => {
    const { body } = await server.app.inject({ url: '/nowhere', headers: { 'accept-language': 'es-MX' } });
    expect(body).toContain('<html lang="es">');
  });
  it.each([
    'https://evil.example/',
    '//evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'javascript:alert(1)',
    '',
  ])('never leads to another site: %s (CWE-601)', async (to) => {
    const { headers } = await server.app.inject(`/language?${new URLSearchParams({ to: 'es', return_to: to })}`);
    const location = String(headers.location);
    expect(new URL(location, 'http://localhost:8080').origin).toBe('http://localhost:8080');
    expect(location.startsWith('//')).toBe(false);
  });
  it('an unknown language changes nothing', async () => {
    const { headers, statusCode } = await server.app.inject('/language?to=xx&return_to=/demo');
    expect([statusCode, headers.location, headers['set-cookie']]).toEqual([303, '/demo', undefined]);
  });
});

describe('a page that says what went wrong', () => {
  it('says it in the person’s language, whatever goes wrong', async () => {
    const headers = { 'accept-language': 'es', 'content-type': 'application/x-www-form-urlencoded' };
    const expired = await server.app.inject({ method: 'POST', url: '/sign-in', headers, payload: 'csrf=x' });
    const missing = await server.app.inject({ url: '/nowhere', headers });
    for (const { body } of [expired, missing]) {
      expect(body).not.toMatch(/\b(the|page|try again|address)\b/i);
      expect(body).toMatch(/página/);
    }
  });
});
