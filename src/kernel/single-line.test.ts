import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toSingleLine } from './single-line.ts';

describe('untrusted text on a single line', () => {
  it('leaves plain text in any script unchanged', () => {
    for (const name of ['Ana Doe', 'José Ñandú', 'محمد علي', '陳大文', 'O’Neil-Smith 3rd'])
      expect(toSingleLine(name)).toBe(name);
  });
  it('removes line breaks and characters that change the text direction', () => {
    expect(toSingleLine('Lou\r\n\u2028 You\tallowed')).toBe('Lou You allowed');
    expect(toSingleLine('\u202eLou\u2066 \u061cLive\u200f')).toBe('Lou Live');
  });
  it('never exceeds the maximum length, splits a character or keeps a control character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 30 }), (text, longest) => {
        const line = toSingleLine(text, longest);
        expect(line.length).toBeLessThanOrEqual(longest);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});
