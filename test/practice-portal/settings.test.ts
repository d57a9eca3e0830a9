import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { accentColors, findPracticeSettings, MAX_LOGO_BYTES } from '../../src/practices/index.ts';
import {
  attributeOf,
  attributesOf,
  codeIn,
  hasElement,
  hiddenFields,
  linksOf,
  textOf,
} from '../support/browser/html.ts';
import { PatientBrowser } from '../support/people/patient.ts';
import {
  formErrors,
  LIVE_PRACTICE,
  listAuditEvents,
  type SignedInStaff,
  signInStaff,
  submitForm,
} from '../support/people/practice-portal.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';

const HERE = `/practice/${LIVE_PRACTICE}/settings`;
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** A PNG image that declares a size of 65,536 by 65,536 pixels. */
const BOMB = Buffer.concat([PNG.subarray(0, 16), Buffer.from('0001000000010000', 'hex'), PNG.subarray(24)]);
const VALID_DETAILS = {
  name: 'Lakeside Family Practice',
  phone: '555-010-2030',
  email: 'desk@lakeside.example',
  website: 'https://www.lakeside.example',
  address: '1 Lake Road\r\nSpringfield, IL 62701',
  npi: '1234567893',
  color: '#7a1f5c',
  timeZone: 'America/Chicago',
};

let server: TestServer;
let boss: SignedInStaff;
beforeAll(async () => {
  server = await startServer();
  boss = await signInStaff(server, ['administrator'], [LIVE_PRACTICE], 'Bea Boss');
});
afterAll(() => server.close());

const settings = () => findPracticeSettings(server.db, LIVE_PRACTICE);
const get = (url: string) => server.app.inject({ url });

interface Part {
  readonly name: string;
  readonly filename?: string;
  readonly type?: string;
  readonly body: string | Buffer;
}

/** Uploads a file like a browser, as multipart/form-data (RFC 7578). */
async function upload(parts: readonly Part[], browser = boss.browser, path = `${HERE}/logo`) {
  const edge = 'edge-of-a-part';
  const bytes = parts.flatMap(({ name, filename, type, body }) => [
    Buffer.from(`--${edge}\r\nContent-Disposition: form-data; name="${name}"`),
    Buffer.from(filename === undefined ? '' : `; filename="${filename}"\r\nContent-Type: ${type}`),
    Buffer.from('\r\n\r\n'),
    Buffer.from(body),
    Buffer.from('\r\n'),
  ]);
  const response = await server.app.inject({
    method: 'POST',
    url: path,
    headers: {
      'content-type': `multipart/form-data; boundary=${edge}`,
      cookie: `session=${browser.cookie('session')}`,
    },
    payload: Buffer.concat([...bytes, Buffer.from(`--${edge}--\r\n`)]),
  });
  return {
    status: response.statusCode,
    location: response.headers.location,
    body: response.body,
    headers: response.headers,
  };
}
const csrf = async (browser = boss.browser) => hiddenFields((await browser.get(`${HERE}/logo`)).body)['csrf'] ?? '';
const logo = async (body: Buffer | string, filename = 'logo.png', type = 'image/png') =>
  upload([
    { name: 'csrf', body: await csrf() },
    { name: 'logo', filename, type, body },
  ]);

describe('the public details of a practice', () => {
  it('45 CFR 170.404(b)(2): the page says what keeps the practice out of the list of service base URLs', async () => {
    const notice = 'This practice is not in the list of service base URLs';
    await submitForm(boss.browser, HERE, { ...VALID_DETAILS, address: '', npi: '' });
    const { body } = await boss.browser.get(HERE);
    expect(body).toContain(notice);
    expect(body).toContain('Enter an address and an NPI to add it.');
    await submitForm(boss.browser, HERE, { ...VALID_DETAILS, npi: '' });
    expect((await boss.browser.get(HERE)).body).toContain('Enter an NPI to add it.');
    await submitForm(boss.browser, HERE, VALID_DETAILS);
    expect((await boss.browser.get(HERE)).body).not.toContain(notice);
  });

  it('are changed by its administrator, with immediate effect for patients', async () => {
    const details = {
      name: 'Harbor Family Practice',
      phone: '555-010-4050',
      email: 'desk@harbor.example',
      website: 'https://www.harbor.example',
      address: '2 Harbor Road\r\nPortland, ME 04101',
      npi: '1245319599',
      color: '#1f5c7a',
      timeZone: 'America/New_York',
    };
    const saved = await submitForm(boss.browser, HERE, details);
    expect(saved.location).toBe(`${HERE}?done=saved`);
    expect(await settings()).toMatchObject({
      ...details,
      website: 'https://www.harbor.example/',
      address: '2 Harbor Road\nPortland, ME 04101',
    });
    const { body } = await boss.browser.get(`${HERE}/preview`);
    expect(hasElement(body, `link[href^="/brand/${LIVE_PRACTICE}/style.css?v="]`)).toBe(true);
    const contacts = ['tel:5550104050', 'mailto:desk@harbor.example', 'https://www.harbor.example/'];
    expect(linksOf(body)).toEqual(expect.arrayContaining(contacts));
    expect(body).toContain('Portland, ME 04101');
  });

  it('SMART App Launch 2.2, Brands: on an https server a default name is not published, and the page says so', async () => {
    const notice = 'Apps can’t find this practice yet';
    expect((await boss.browser.get(HERE)).body).not.toContain(notice);
    const secure = await startServer({ PUBLIC_URL: 'https://api.example' });
    const { browser } = await signInStaff(secure, ['administrator'], [LIVE_PRACTICE], 'Bea Boss');
    const headers = { cookie: `__Host-session=${browser.cookie('session')}` };
    const shown = await secure.app.inject({ url: HERE, headers });
    expect(shown.body).toContain(notice);
    expect(shown.body).toContain('Live practice');
    await secure.close();
  });
  it('have each changed field and its author in the audit log', async () => {
    await submitForm(boss.browser, HERE, VALID_DETAILS);
    await submitForm(boss.browser, HERE, { ...VALID_DETAILS, phone: '555-010-9999' });
    expect((await listAuditEvents(server, 'practice'))[0]).toMatchObject({
      account_id: boss.accountId,
      detail: { action: 'change', practice: LIVE_PRACTICE, changed: ['phone'] },
    });
  });

  it('are rejected with a color that isn’t written as # and 6 hexadecimal digits, and the form retains the input', async () => {
    const before = await settings();
    const response = await submitForm(boss.browser, HERE, { ...VALID_DETAILS, name: 'Changed', color: '#fd0' });
    expect(response.status).toBe(400);
    expect(formErrors(response)).toEqual(['color: Enter the color as # and 6 hexadecimal digits, such as #0b5f6b']);
    expect(attributesOf(response, 'input', 'value')).toEqual(expect.arrayContaining(['Changed', '#fd0']));
    expect(textOf(response, 'title')).toMatch(/^Error: /);
    expect(await settings()).toEqual(before);
  });

  it.each([
    ['the name of another practice', { name: 'SANDBOX family practice' }, 'name'],
    ['no name', { name: '' }, 'name'],
    ['an NPI whose check digit is wrong', { npi: '1234567890' }, 'npi'],
    ['a website of another scheme', { website: 'javascript:alert(1)' }, 'website'],
    ['a website without TLS', { website: 'http://www.lakeside.example' }, 'website'],
    ['an invalid email address', { email: 'desk' }, 'email'],
    ['an unknown time zone', { timeZone: 'Mars/Olympus' }, 'timeZone'],
    ['a repeated field', { name: ['One', 'Two'] }, 'name'],
  ])('are not changed with %s', async (_what, fields, field) => {
    const before = await settings();
    const response = await submitForm(boss.browser, HERE, { ...VALID_DETAILS, ...fields });
    expect({ status: response.status, faultsOn: formErrors(response).map((error) => error.split(':')[0]) }).toEqual({
      status: 400,
      faultsOn: [field],
    });
    expect(await settings()).toEqual(before);
  });

  it('are displayed as text, not HTML', async () => {
    await submitForm(boss.browser, HERE, {
      ...VALID_DETAILS,
      name: '<script>alert(1)</script>',
      address: '"><img src=x>',
    });
    for (const page of ['', '/preview', '/api', '/logo']) {
      const { body } = await boss.browser.get(`${HERE}${page}`);
      expect(codeIn(body)).toEqual([]);
      expect(hasElement(body, 'img[src=x]')).toBe(false);
    }
    await submitForm(boss.browser, HERE, VALID_DETAILS);
  });
});

describe('a logo', () => {
  beforeEach(async () => {
    expect((await logo(PNG)).location).toBe(`${HERE}?done=logo`);
  });

  it('is recognized by its bytes, and served with that type, permanently under its version', async () => {
    expect((await logo(PNG, 'anything.exe', 'application/x-msdownload')).location).toBe(`${HERE}?done=logo`);
    const { body } = await boss.browser.get(`${HERE}/preview`);
    const shown = await get(attributeOf(body, 'img', 'src') ?? '');
    expect(shown.rawPayload.equals(PNG)).toBe(true);
    expect(shown.headers).toMatchObject({
      'content-type': 'image/png',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; sandbox",
      'cache-control': 'public, max-age=31536000, immutable',
    });
    for (const version of ['', '?v=', '?v=00000000', '?v=a&v=b']) {
      const other = await get(`/brand/${LIVE_PRACTICE}/logo${version}`);
      expect({ status: other.statusCode, cacheControl: other.headers['cache-control'] }).toEqual({
        status: 200,
        cacheControl: 'public, max-age=60',
      });
    }
  });

  it('has another URL when the image changes', async () => {
    const path = async () => attributeOf(await boss.browser.get(`${HERE}/logo`), 'img.logo', 'src');
    const before = await path();
    await logo(Buffer.from('ffd8ffe000104a46494600010100000100010000ffc0000b080001000101011100', 'hex'));
    expect(await path()).not.toBe(before);
    expect((await get(`/brand/${LIVE_PRACTICE}/logo`)).headers['content-type']).toBe('image/jpeg');
    expect((await listAuditEvents(server, 'practice'))[0]?.detail).toMatchObject({
      action: 'logo',
      type: 'image/jpeg',
    });
  });

  it.each([
    [
      'SVG',
      '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
      'image/svg+xml',
      /SVG images can contain scripts/,
    ],
    ['SVG labelled as PNG', '<?xml version="1.0"?><svg ><script>alert(1)</script></svg>', 'image/png', /SVG images/],
    [
      'HTML labelled as PNG',
      '<!doctype html><script>alert(document.domain)</script>',
      'image/png',
      /must be a PNG, JPEG or WebP/,
    ],
    ['a script', 'alert(1)', 'image/webp', /must be a PNG, JPEG or WebP/],
    ['nothing', '', 'image/png', /Choose a file/],
    ['a decompression bomb', BOMB, 'image/png', /at most 2000 pixels/],
  ])('%s is rejected, and the current logo stays', async (_what, body, type, message) => {
    const before = (await get(`/brand/${LIVE_PRACTICE}/logo`)).rawPayload;
    const shown = await logo(body, 'logo.png', type);
    expect(shown.status).toBe(400);
    expect(formErrors(shown as never)[0]).toMatch(message);
    expect((await get(`/brand/${LIVE_PRACTICE}/logo`)).rawPayload.equals(before)).toBe(true);
  });

  it('is accepted up to 200 KB, and rejected above, however large', async () => {
    expect((await logo(Buffer.concat([PNG], MAX_LOGO_BYTES))).status).toBe(303);
    for (const size of [MAX_LOGO_BYTES + 1, 240_000]) {
      const shown = await logo(Buffer.concat([PNG], size));
      expect({ status: shown.status, faultsOn: formErrors(shown as never) }).toEqual({
        status: 400,
        faultsOn: ['logo: The file must be smaller than 200 KB'],
      });
    }
    expect((await logo(Buffer.concat([PNG], 5_000_000))).status).toBeGreaterThanOrEqual(400);
    expect((await logo(Buffer.concat([PNG], 5_000_000))).status).toBeLessThan(500);
  });

  it('is rejected in a form of another site, or without a form', async () => {
    const file: Part = { name: 'logo', filename: 'a.png', type: 'image/png', body: PNG };
    expect((await upload([file])).status).toBe(403);
    expect((await upload([{ name: 'csrf', body: 'guess' }, file])).status).toBe(403);
    const asFile = { name: 'csrf', filename: 'csrf', type: 'text/plain', body: await csrf() };
    expect([403, 413]).toContain((await upload([asFile, file])).status);
    const many = Array.from({ length: 50 }, (): Part => file);
    expect((await upload(many)).status).toBeLessThan(500);
    const cut = await server.app.inject({
      method: 'POST',
      url: `${HERE}/logo`,
      headers: {
        'content-type': 'multipart/form-data; boundary=x',
        cookie: `session=${boss.browser.cookie('session')}`,
      },
      payload: '--x\r\nContent-Disposition: form-data; name="logo"; filename="a"\r\n\r\nno end',
    });
    expect(cut.statusCode).toBeLessThan(500);
  });

  it('can be removed after a page that asks, and is then not found', async () => {
    expect(linksOf((await boss.browser.get(`${HERE}/logo`)).body)).toContain(`${HERE}/logo/remove`);
    expect((await submitForm(boss.browser, `${HERE}/logo/remove`)).location).toBe(`${HERE}?done=logo-removed`);
    expect((await boss.browser.get(`${HERE}/logo/remove`)).location).toBe(`${HERE}/logo`);
    expect((await get(`/brand/${LIVE_PRACTICE}/logo`)).statusCode).toBe(404);
    expect(hasElement((await boss.browser.get(`${HERE}/preview`)).body, 'img[src^="/brand/"]')).toBe(false);
  });
});

describe('the time zone of a practice', () => {
  const save = (timeZone: string) => submitForm(boss.browser, HERE, { ...VALID_DETAILS, timeZone });
  const shown = async () => attributeOf(await boss.browser.get(HERE), '#timeZone', 'value');

  it.each([
    ['a suggestion of the list', 'New York (Eastern Time)', 'America/New_York'],
    ['a suggestion of a large city', 'Boston (Eastern Time)', 'America/New_York'],
    ['a name as people say it', 'eastern time', 'America/New_York'],
    ['an abbreviation', 'PST', 'America/Los_Angeles'],
    ['a name for half of the year', 'Central Daylight Time', 'America/Chicago'],
    ['a Spanish name', 'hora del Pacífico', 'America/Los_Angeles'],
    ['a city', 'st louis', 'America/Chicago'],
    ['a city outside of the United States', 'Berlin', 'Europe/Berlin'],
    ['a name of the IANA database', 'America/Indiana/Knox', 'America/Indiana/Knox'],
    ['UTC', 'utc', 'UTC'],
  ])('is saved from %s', async (_what, text, zone) => {
    expect((await save(text)).location).toBe(`${HERE}?done=saved`);
    expect((await settings())?.timeZone).toBe(zone);
    expect((await save((await shown()) ?? '')).location).toBe(`${HERE}?done=saved`);
    expect((await settings())?.timeZone).toBe(zone);
  });

  it.each([
    ['Chigaco', 'We don’t know which time zone “Chigaco” is. Did you mean Chicago (Central Time)?'],
    ['Portland', 'Did you mean New York (Eastern Time) or Los Angeles (Pacific Time)?'],
    ['MST', 'Did you mean Denver (Mountain Time) or Phoenix (Mountain Standard Time)?'],
    ['Springfield', 'We don’t know the time zone “Springfield”. Enter a large city in the same time zone'],
    ['x'.repeat(2000), 'Enter a large city in the same time zone'],
    ['', 'Choose a time zone'],
  ])('isn’t guessed from %j: the error says what to enter, and the text stays', async (text, message) => {
    const before = (await settings())?.timeZone;
    const response = await save(text);
    expect(response.status).toBe(400);
    expect(formErrors(response)).toEqual([expect.stringContaining(message)]);
    expect(attributeOf(response, '#timeZone', 'value')).toBe(text);
    expect((await settings())?.timeZone).toBe(before);
  });

  it('can be searched without JavaScript, by time zone and by city', async () => {
    const page = await boss.browser.get(HERE);
    expect(attributeOf(page, '#timeZone', 'list')).toBe('time-zones');
    const choices = attributesOf(page, '#time-zones option', 'value');
    expect(choices[0]).toBe('New York (Eastern Time)');
    expect(choices).toEqual(expect.arrayContaining(['Seattle (Pacific Time)', 'Berlin (Europe/Berlin)', 'UTC']));
  });
});

describe('a color', () => {
  it('can be picked, and a picker that was not used leaves the typed color', async () => {
    const save = async (fields: Record<string, string>) => {
      await submitForm(boss.browser, HERE, { ...VALID_DETAILS, ...fields });
      return attributesOf(await boss.browser.get(HERE), '#color, #color-picked', 'value');
    };
    expect(await save({ color: '#7a1f5c', 'color-picked': '#123456' })).toEqual(['#123456', '#123456']);
    expect(await save({ color: '#7a1f5c', 'color-picked': '#123456' })).toEqual(['#7a1f5c', '#7a1f5c']);
  });

  it('is a stylesheet with a permanent, versioned URL', async () => {
    await submitForm(boss.browser, HERE, VALID_DETAILS);
    const { body } = await boss.browser.get(`${HERE}/preview`);
    const path = attributeOf(body, 'link[href^="/brand/"]', 'href') ?? '';
    const style = await get(path);
    expect(style.body).toContain('--color-accent: #7a1f5c;');
    expect(style.headers).toMatchObject({
      'content-type': 'text/css; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect((await get(`/brand/${LIVE_PRACTICE}/style.css`)).headers['cache-control']).toBe('public, max-age=60');
  });

  it('WCAG 1.4.3: is adjusted until it is readable, and the settings page shows the result for light and dark pages', async () => {
    await submitForm(boss.browser, HERE, { ...VALID_DETAILS, color: '#ffd700' });
    const { body } = await boss.browser.get(HERE);
    expect(attributesOf(body, 'input[name=color]', 'value')).toEqual(['#ffd700']);
    const { light, dark } = accentColors('#ffd700');
    expect(light.accent).not.toBe('#ffd700');
    expect(attributesOf(body, 'svg.swatch', 'aria-label')).toEqual([
      `Link and button on a light page, in ${light.accent}`,
      `Link and button on a dark page, in ${dark.accent}`,
    ]);
    expect(attributesOf(body, 'svg.swatch text', 'fill')).toEqual(
      [light, dark].flatMap(({ accent, onAccent }) => [accent, onAccent]),
    );
    const style = await get(`/brand/${LIVE_PRACTICE}/style.css`);
    expect(style.body.match(/--color-accent: #\w+/g)).toEqual(
      [light, dark].map(({ accent }) => `--color-accent: ${accent}`),
    );
    await submitForm(boss.browser, HERE, VALID_DETAILS);
  });

  it.each(['1', '3', '999999999', '9999999999', '0', '-1', '2x', '%00', 'nobody'])(
    'does not exist for practice %s',
    async (id) => {
      expect((await get(`/brand/${id}/style.css`)).statusCode).toBe(404);
      expect((await get(`/brand/${id}/logo`)).statusCode).toBe(404);
    },
  );
});

describe('turning the API off and on', () => {
  it('asks for confirmation, and explains the effect', async () => {
    const page = await boss.browser.get(`${HERE}/api`);
    expect(page.body).toContain('no app can read data of this practice');
    expect(formErrors(await submitForm(boss.browser, `${HERE}/api`))).toEqual(['sure: Check the box to confirm']);
    expect((await settings())?.enabled).toBe(true);
    const off = await submitForm(boss.browser, `${HERE}/api`, { sure: 'yes' });
    expect({ location: off.location, enabled: (await settings())?.enabled }).toEqual({
      location: `${HERE}?done=off`,
      enabled: false,
    });
    // Sends the form a second time. The API stays off.
    await boss.browser.post(`${HERE}/api`, { ...hiddenFields(page.body), sure: 'yes' });
    expect((await settings())?.enabled).toBe(false);
    const events = (await listAuditEvents(server, 'practice')).filter(({ detail }) => detail['action'] === 'api-off');
    expect(events).toHaveLength(1);
    expect((await submitForm(boss.browser, `${HERE}/api`, { sure: 'yes' })).location).toBe(`${HERE}?done=on`);
    expect((await settings())?.enabled).toBe(true);
  });
});

it('these pages require sign-in', async () => {
  expect((await new PatientBrowser(server.app).get(HERE)).location).toMatch(/^\/sign-in\?return_to=/);
});
