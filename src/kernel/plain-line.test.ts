import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { plainLine } from './plain-line.ts';

describe('a line of text from outside', () => {
  it('stays as it is where it is plain, in any writing', () => {
    for (const name of ['Ana Doe', 'José Ñandú', 'محمد علي', '陳大文', 'O’Neil-Smith 3rd'])
      expect(plainLine(name)).toBe(name);
  });
  it('begins no line of its own, and turns no text around', () => {
    expect(plainLine('Lou\r\n\u2028 You\tallowed')).toBe('Lou You allowed');
    expect(plainLine('\u202eLou\u2066 \u061cLive\u200f')).toBe('Lou Live');
  });
  it('whatever it is, is no longer than fits, whole letters and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 2, max: 30 }), (text, longest) => {
        const line = plainLine(text, longest);
        expect(line.length).toBeLessThanOrEqual(longest);
        expect(line).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]/u);
        expect(line.isWellFormed()).toBe(true);
      }),
    );
  });
});
