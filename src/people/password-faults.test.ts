import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LONGEST_PASSWORD, type PasswordOwner, passwordFaults, SHORTEST_PASSWORD } from './password-faults.ts';

const ANA: PasswordOwner = { username: 'ana.rios', displayName: 'Ana Núñez-Ríos', email: 'anita77@clinic-mail.org' };
const of = (password: string) => passwordFaults(password, ANA);

describe('passwords (NIST SP 800-63B-4 §3.1.1.2)', () => {
  it('have fifteen characters at least and two hundred at most, of whatever script', () => {
    expect(of('seven times six')).toEqual([]);
    expect(of('seven times si')).toEqual(['too-short']);
    expect(of('кошка на крыше!')).toEqual([]);
    expect(of(`mixed words ${'y z '.repeat(50)}`)).toEqual(['too-long']);
    expect([...'👩‍⚕️'].length).toBeGreaterThan(1);
  });

  it('count characters, not bytes or halves of a pair', () => {
    expect(of('🙂'.repeat(14))).toEqual(['too-short']);
  });

  it.each(['correct horse battery staple', 'tres tristes tigres tragaban', 'xK7#pQ2!vL9@mN4$', '493820175640182'])(
    'may be made of anything: there are no rules of composition: %s',
    (password) => expect(of(password)).toEqual([]),
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
  ])('that are tried first are refused: %s', (password) => expect(of(password)).toEqual(['common']));

  it.each([
    'ana.rios.ana.rios',
    'AnaNúñez-Ríos1974',
    'ANA NUNEZ RIOS 123',
    'anita77@clinic-mail.org',
    'anita77anita77anita77',
  ])('that are made of what others know of the person are refused: %s', (password) =>
    expect(of(password)).toEqual(['own-name']),
  );

  it('may hold a name, when enough of them is something else', () => {
    expect(of('ana watches purple trains')).toEqual([]);
  });

  it('whatever is typed gets an answer', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), fc.string({ unit: 'binary' }), (password, name) => {
        const faults = passwordFaults(password, { username: name, displayName: name, email: name });
        const { length } = [...password.normalize('NFKC')];
        if (length < SHORTEST_PASSWORD) expect(faults).toEqual(['too-short']);
        else if (length > LONGEST_PASSWORD) expect(faults).toEqual(['too-long']);
        else expect(faults.length).toBeLessThanOrEqual(1);
      }),
    );
  });
});
