import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { COMMON_PASSWORDS } from './generated/common-passwords.ts';
import { MAX_PASSWORD_LENGTH, MIN_PASSWORD_LENGTH, type PasswordOwner, validatePassword } from './validate-password.ts';

const ANA: PasswordOwner = { username: 'ana.rios', displayName: 'Ana Núñez-Ríos', email: 'anita77@clinic-mail.org' };
const errorsFor = (password: string) => validatePassword(password, ANA);

describe('passwords (NIST SP 800-63B-4 §3.1.1.2)', () => {
  it('have 15 to 200 characters of any script', () => {
    expect(errorsFor('seven times six')).toEqual([]);
    expect(errorsFor('seven times si')).toEqual(['too-short']);
    expect(errorsFor('кошка на крыше!')).toEqual([]);
    expect(errorsFor(`mixed words ${'y z '.repeat(50)}`)).toEqual(['too-long']);
    expect([...'👩‍⚕️'].length).toBeGreaterThan(1);
  });

  it('are measured in characters, not in bytes or UTF-16 code units', () => {
    expect(errorsFor('🙂'.repeat(14))).toEqual(['too-short']);
  });

  it.each(['correct horse battery staple', 'tres tristes tigres tragaban', 'xK7#pQ2!vL9@mN4$', '493820175640182'])(
    'have no composition rules: %s',
    (password) => expect(errorsFor(password)).toEqual([]),
  );

  it.each([
    'passwordpassword',
    'Password1!Password1!',
    'qwertyuiopasdfghjkl',
    '123456789012345',
    '111111111111111',
    'aaaaaaaaaaaaaaaaaa',
    'abcabcabcabcabcabc',
    'iloveyouiloveyou',
    'welcomewelcome2026!',
    'letmein-letmein-letmein',
    'contraseñacontraseña',
    '987654321098765',
  ])('that are commonly guessed are rejected: %s', (password) => expect(errorsFor(password)).toEqual(['common']));

  it.each(['lytdybrbdfvgbhf', '30secondstomars', 'PerAsperaAdAstra', '1qazxsw23edcvfr4'])(
    'that are on a list of common passwords are rejected: %s',
    (password) => expect(errorsFor(password)).toEqual(['common']),
  );

  it('are compared with at least 3,000 common passwords of the required length (OWASP ASVS 6.2.4)', () => {
    expect(COMMON_PASSWORDS.length / 8).toBeGreaterThan(3000);
    expect(errorsFor('30secondstosaturn')).toEqual([]);
  });

  it.each([
    'ana.rios.ana.rios',
    'AnaNúñez-Ríos1974',
    'ANA NUNEZ RIOS 123',
    'anita77@clinic-mail.org',
    'anita77anita77anita77',
  ])('that consist of a person’s public details are rejected: %s', (password) =>
    expect(errorsFor(password)).toEqual(['own-name']),
  );

  it('may contain a name if enough of the rest is something else', () => {
    expect(errorsFor('ana watches purple trains')).toEqual([]);
  });

  it('any text gets at most one kind of error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (password, name) => {
        const errors = validatePassword(password, { username: name, displayName: name, email: name });
        const { length } = [...password.normalize('NFKC')];
        if (length < MIN_PASSWORD_LENGTH) expect(errors).toEqual(['too-short']);
        else if (length > MAX_PASSWORD_LENGTH) expect(errors).toEqual(['too-long']);
        else expect(errors.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
