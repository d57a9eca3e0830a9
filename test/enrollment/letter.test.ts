import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { letterPage } from '../../src/enrollment/index.ts';
import type { PageContext } from '../../src/i18n/index.ts';
import { htmlToString } from '../../src/kernel/index.ts';
import { attributeOf, hasElement, textOf } from '../support/browser/html.ts';
import { startServer, type TestServer } from '../support/servers/server.ts';
import { addUnenrolledPatient, FRONT_DESK, invitationFor, motherAsRecipient } from './unenrolled-patients.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  await server.db.queryText(
    "update practice set phone = '480-555-0199', address = E'1 Main Street\\nTempe, AZ 85281' where kind = 'live'",
    [],
  );
});
afterAll(() => server.close());

const FRAME: PageContext = { language: 'en', brand: { name: 'Live practice' }, currentPath: undefined };

describe('the invitation letter', () => {
  it('has sender, address window, code in groups, a QR code, and how the second code arrives', async () => {
    const person = await addUnenrolledPatient(server);
    const invitation = await server.enrollments.invite(FRONT_DESK, invitationFor(person, { email: undefined }));
    const letter = await server.enrollments.createLetter(invitation);
    expect(letter).toMatchObject({
      sender: ['1 Main Street', 'Tempe, AZ 85281'],
      windowLines: [person.name, '12 Elm Street', 'Apt 4', 'Tempe, AZ 85281-1234'],
      address: 'http://localhost:8080/enroll',
      link: `http://localhost:8080/enroll/${invitation.letterCode}`,
      code: invitation.letterCode,
    });
    if (letter === undefined) throw new Error('it is a letter');
    const page = htmlToString(letterPage(letter, FRAME));
    const text = textOf({ body: page });
    expect(text).toContain(`Enter this code: ${invitation.letterCode}`);
    expect(text).toContain(
      'We give it to you in person, or we call you at the number that we have on file. If you don’t have it yet, call Live practice at 480-555-0199. We will call you back.',
    );
    expect(hasElement(page, '[role=img][aria-label^="QR code"] > svg')).toBe(true);
    expect(page).not.toContain('style=');
    // The button appears with JavaScript only. Without it, the page says how to print.
    expect(textOf(page, '.unprinted button:not(.secondary)[data-print][hidden]')).toBe('Print letter');
    expect(textOf(page, '.unprinted [data-print-hint]')).toBe('Press Ctrl+P or ⌘P to print.');
    // Someone else may open the letter, so it must not contain the other two answers: birth date and verification code.
    expect(text).not.toContain('1974');
    expect(text).not.toMatch(/\b\d{6}\b/);
  });

  it('is in the language of the patient, inside a page in English', async () => {
    const person = await addUnenrolledPatient(server);
    const invitation = await server.enrollments.invite(
      FRONT_DESK,
      invitationFor(person, { email: undefined, language: 'es' }),
    );
    const letter = await server.enrollments.createLetter(invitation);
    if (letter === undefined) throw new Error('it is a letter');
    const page = htmlToString(letterPage(letter, FRAME));
    expect(attributeOf(page, 'html', 'lang')).toBe('en');
    expect(page).toContain('<article class="letter" lang="es">');
    expect(textOf({ body: page })).toContain(`Estimado/a ${person.name}:`);
  });

  it('to a representative goes to their home address, otherwise to the patient’s', async () => {
    const home = { address: [{ line: ['7 Oak Lane'], city: 'Mesa', state: 'AZ', postalCode: '85201' }] };
    const [own, none] = [await addUnenrolledPatient(server, { mother: home }), await addUnenrolledPatient(server)];
    const windowOf = async (person: typeof own) => {
      const input = { ...invitationFor(person), ...motherAsRecipient(person), email: undefined };
      return (await server.enrollments.createLetter(await server.enrollments.invite(FRONT_DESK, input)))?.windowLines;
    };
    expect(await windowOf(own)).toEqual(['Rosa Stone', '7 Oak Lane', 'Mesa, AZ 85201']);
    expect((await windowOf(none))?.[1]).toBe('12 Elm Street');
  });

  it('does not exist for an invitation that was emailed or has ended', async () => {
    const person = await addUnenrolledPatient(server);
    expect(
      await server.enrollments.createLetter(await server.enrollments.invite(FRONT_DESK, invitationFor(person))),
    ).toBeUndefined();
    const invitation = await server.enrollments.invite(FRONT_DESK, invitationFor(person, { email: undefined }));
    await server.enrollments.cancel(FRONT_DESK, invitation.invitationId);
    expect(await server.enrollments.createLetter(invitation)).toBeUndefined();
  });
});
