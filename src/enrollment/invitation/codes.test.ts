import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Random, systemRandom as random } from '../../kernel/index.ts';
import {
  countTypedCharacters,
  formatLetterCode,
  generateLetterCode,
  generateLinkToken,
  generateVerificationCode,
  hashInvitationToken,
  hashVerificationCode,
  parseLetterCode,
  parseVerificationCode,
} from './codes.ts';

const withNumbers = (...numbers: readonly number[]): Random => {
  const left = [...numbers];
  return { ...random, bytes: () => Buffer.from((left.shift() ?? 0).toString(16).padStart(8, '0'), 'hex') };
};

describe('a letter’s code', () => {
  it('encodes 80 bits without loss', () => {
    const bits = Array.from({ length: 80 }, (_, at) => 1n << BigInt(at));
    const codes = bits.map((bit) =>
      generateLetterCode({ ...random, bytes: () => Buffer.from(bit.toString(16).padStart(20, '0'), 'hex') }),
    );
    expect(new Set(codes).size).toBe(80);
    expect(generateLetterCode({ ...random, bytes: () => Buffer.alloc(10, 0xff) })).toBe('ZZZZ-ZZZZ-ZZZZ-ZZZZ');
  });

  it('is accepted in any spelling that people type', () => {
    const spelled = fc.constantFrom<(code: string) => string>(
      (code) => code.toLowerCase(),
      (code) => code.replaceAll('-', ''),
      (code) => code.replaceAll('-', ' '),
      (code) => code.replaceAll('-', ' – '),
      (code) => code.replaceAll('0', 'O').replaceAll('1', 'I'),
      (code) => code.replaceAll('0', 'o').replaceAll('1', 'l'),
      (code) => ` ${[...code].join(' ')}\t`,
    );
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 10, maxLength: 10 }), spelled, (bytes, spell) => {
        const code = generateLetterCode({ ...random, bytes: () => Buffer.from(bytes) });
        const read = parseLetterCode(spell(code));
        expect(read === undefined ? undefined : formatLetterCode(read)).toBe(code);
        expect(hashInvitationToken(spell(code))).toEqual(hashInvitationToken(code));
      }),
    );
  });

  it('is rejected with a missing, extra or invalid character', () => {
    const code = generateLetterCode(random);
    for (const typed of ['', code.slice(1), `${code}0`, code.replace(/.$/, 'U'), code.replace(/.$/, 'é'), '%'])
      expect(parseLetterCode(typed)).toBeUndefined();
    expect(countTypedCharacters(code)).toBe(16);
  });
});

describe('a link token', () => {
  it('has 256 bits and is case-sensitive', () => {
    const token = generateLinkToken(random);
    expect(token).toMatch(/^[\w-]{43}$/);
    expect(hashInvitationToken(token)).toHaveLength(32);
    expect(hashInvitationToken(token.toUpperCase())).not.toEqual(hashInvitationToken(token));
    expect(hashInvitationToken(`${token}=`)).toBeUndefined();
  });
});

describe('the verification code', () => {
  it('is uniformly distributed over a million values, without modulo bias', () => {
    expect(generateVerificationCode(withNumbers(0))).toBe('000000');
    expect(generateVerificationCode(withNumbers(4_293_999_999))).toBe('999999');
    expect(generateVerificationCode(withNumbers(4_294_000_000, 4_294_967_295, 7))).toBe('000007');
  });

  it('is accepted with spaces and dashes and in other Unicode digits', () => {
    for (const typed of ['123456', ' 123 456 ', '123-456', '１２３４５６'])
      expect(parseVerificationCode(typed)).toBe('123456');
    for (const typed of ['12345', '1234567', '12345a', '', '-1234567'.slice(0, 6)])
      expect(parseVerificationCode(typed)).toBeUndefined();
  });

  it('is valid for its own invitation only', () => {
    expect(hashVerificationCode('one', '123456')).not.toEqual(hashVerificationCode('other', '123456'));
  });
});
