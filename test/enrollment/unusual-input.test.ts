import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { minutes, systemRandom as random } from '../../src/kernel/index.ts';
import { hasElement, hiddenFields, linksOf } from '../support/browser/html.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { InvitedPerson, PASSWORD } from './invited-person.ts';
import { addUnenrolledPatient, emailsTo, FRONT_DESK, invitationFor, sendInvitation } from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());
beforeEach(() => server.clock.advance(minutes(16)));

const newName = (): string => `odd-${random.bytes(5).toString('hex')}`;

/** Values that people type by mistake, that programs send, or that attackers try. */
const ODD: readonly (readonly [string, string | readonly string[]])[] = [
  ['nothing', ''],
  ['a space', ' '],
  ['markup', '"><img/src=x onerror=alert(1)>'],
  ['lines', 'a\r\nBcc: all@example.org\r\n\r\nx'],
  ['a formula', '=HYPERLINK("http://evil.example")'],
  ['NUL', 'a\u0000b'],
  ['an unpaired surrogate', '\ud83d'],
  ['a direction override', '\u202eabc\u2066'],
  ['a repeated field', ['one', 'two']],
  ['100,000 characters', 'x'.repeat(100_000)],
  ['100,000 digits', '1'.repeat(100_000)],
  ['100,000 marks', '\u0301'.repeat(100_000)],
  ['a character that expands when normalized', '\ufdfa'.repeat(5_000)],
  ['a property of every object', '__proto__'],
  ['SQL', "'; drop table invitation; --"],
];

async function setUp(email?: undefined) {
  const person = await addUnenrolledPatient(server);
  const invitation = await sendInvitation(server, person, { email });
  const browser = new InvitedPerson(server.app, invitation);
  return { person, ...invitation, browser };
}

const FIELDS = {
  '/proof': { month: '7', day: '4', year: '1974', zip: '85281', code: '123456' },
  '/account': { username: 'name', email: '', language: 'en' },
  '/key': { password: PASSWORD, repeat: PASSWORD, passkey: '' },
  '/add': {},
} as const;

describe.each(ODD)('%s', (_what, odd) => {
  it('in any field of enrollment gets an error or has no effect', async () => {
    const { person, code, browser, path } = await setUp();
    await browser.prove(person, code);
    for (const [page, fields] of Object.entries(FIELDS)) {
      if (page === '/key') await browser.choose(newName());
      const { csrf = '' } = hiddenFields((await browser.get(`${path}${page === '/add' ? '/account' : page}`)).body);
      for (const field of Object.keys(fields)) {
        const response = await browser.post(`${path}${page}`, { csrf, ...fields, [field]: odd });
        expect(response.status < 500, `${page} ${field}`).toBe(true);
        expect(hasElement(response, 'img:not([src="/assets/icon.svg"])')).toBe(false);
        expect(response.location ?? '').not.toMatch(/evil|\r|\n/);
      }
    }
  });

  it('as the code of a letter gets an error', async () => {
    const browser = new InvitedPerson(server.app, { path: '/enroll' });
    const { csrf = '' } = hiddenFields((await browser.get('/enroll')).body);
    const response = await browser.post('/enroll', { csrf, code: odd });
    // RFC 9110 §15.5.14: the server doesn't read a body that is larger than any of its forms.
    expect([400, 413]).toContain(response.status);
    if (response.status === 400) expect(linksOf(response)).toContain('#code');
  });

  it('in the URL finds nothing', async () => {
    const text = typeof odd === 'string' ? odd.toWellFormed() : odd.join();
    for (const below of ['', '/proof', '/key']) {
      const token = encodeURIComponent(text.slice(0, 300)) || '-';
      const { statusCode } = await server.app.inject({ url: `/enroll/${token}${below}` });
      expect([404, 410, 414]).toContain(statusCode);
    }
  });
});

describe('a record with unusual text', () => {
  it.each(ODD.filter(([, odd]) => typeof odd === 'string' && !odd.includes('\u0000') && odd.isWellFormed()))(
    '%s as a name is invited with its displayable part, or reported as missing',
    async (_what, odd) => {
      const name = [{ text: `${odd}`, family: `${odd}`, given: [`${odd}`] }];
      const person = await addUnenrolledPatient(server, {
        patient: { name: `${odd}`.trim() === '' ? [{ family: '\u200b' }] : name },
      });
      const invitation = await server.enrollments
        .invite(FRONT_DESK, invitationFor(person))
        .catch((error) => error.rejection);
      if (invitation === 'chart-incomplete') return;
      const [mail] = await emailsTo(server, person.email);
      expect(`${mail?.subject}${mail?.content}`).not.toMatch(/[\r\u202e\u2066]/);
      const { letterCode = '', invitationId } = await server.enrollments.invite(
        FRONT_DESK,
        invitationFor(person, { email: undefined }),
      );
      expect((await server.enrollments.createLetter({ letterCode, invitationId }))?.name.length).toBeLessThanOrEqual(
        200,
      );
      const page = await server.app.inject({ url: `/enroll/${letterCode}` });
      expect(page.statusCode).toBe(200);
      expect(hasElement(page, 'img:not([src="/assets/icon.svg"])')).toBe(false);
    },
  );
});
