import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitizeText } from './sanitize-text.ts';

describe('sanitized external text', () => {
  it('Unicode UAX #9: contains no directional formatting, so a name can’t reverse the text after it', () => {
    expect(sanitizeText('Ana \u202etxt.exe\u202c Smith')).toBe('Ana txt.exe Smith');
    expect(sanitizeText('\u2067\u2066x\u2069\u200f')).toBe('x');
  });

  it('contains no control characters and no line breaks', () => {
    expect(sanitizeText('a\u0000b\u0007\r\nc\u2028d\u0085e')).toBe('a b c d e');
  });

  it('is truncated to the limit, between code points', () => {
    expect(sanitizeText('x'.repeat(5000), 10)).toBe('xxxxxxxxx…');
    expect(sanitizeText('😀'.repeat(50), 5)).toBe('😀😀😀😀…');
    expect(sanitizeText('\ud800', 5)).toBe('\ufffd');
  });

  it('is well formed, within the limit and idempotent for any input', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const sanitized = sanitizeText(text, 50);
        expect([...sanitized].length).toBeLessThanOrEqual(50);
        expect(sanitized.isWellFormed()).toBe(true);
        expect(sanitizeText(sanitized, 50)).toBe(sanitized);
      }),
    );
  });
});
