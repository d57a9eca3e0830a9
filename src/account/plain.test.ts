import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plain } from './plain.ts';

describe('text that came from outside', () => {
  it('Unicode UAX #9: turns no direction: a name can’t make what follows be read backwards', () => {
    expect(plain('Ana \u202etxt.exe\u202c Smith')).toBe('Ana txt.exe Smith');
    expect(plain('\u2067\u2066x\u2069\u200f')).toBe('x');
  });

  it('holds no control characters and no lines', () => {
    expect(plain('a\u0000b\u0007\r\nc\u2028d\u0085e')).toBe('a b c d e');
  });

  it('is as long as fits, and is cut between letters', () => {
    expect(plain('x'.repeat(5000), 10)).toBe('xxxxxxxxx…');
    expect(plain('😀'.repeat(50), 5)).toBe('😀😀😀😀…');
    expect(plain('\ud800', 5)).toBe('\ufffd');
  });

  it('whatever it is: the result is well formed, short, and stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const shown = plain(text, 50);
        expect([...shown].length).toBeLessThanOrEqual(50);
        expect(shown.isWellFormed()).toBe(true);
        expect(plain(shown, 50)).toBe(shown);
      }),
    );
  });
});
