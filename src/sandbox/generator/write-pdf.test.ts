import { describe, expect, it } from 'vitest';
import { writePdf } from './write-pdf.ts';

/** ISO 32000-1 §7.5: reads the file structure as a PDF viewer does, without rendering it. */
describe('a PDF', () => {
  const pdf = writePdf(
    ['# Letter', 'Seen on (Monday) \\ Tuesday – with Sofía', ...Array.from({ length: 90 }, (_, n) => `line ${n}`)].join(
      '\n',
    ),
    'A letter',
  ).toString('latin1');

  it('begins and ends as a PDF does', () => {
    expect(pdf).toMatch(/^%PDF-1\.4\n/);
    expect(pdf).toMatch(/startxref\n\d+\n%%EOF\n$/);
  });

  it('has a cross-reference table that gives the place of every object (§7.5.4)', () => {
    const start = Number(/startxref\n(\d+)/.exec(pdf)?.[1]);
    expect(pdf.slice(start, start + 4)).toBe('xref');
    const offsets = [...pdf.slice(start).matchAll(/(\d{10}) 00000 n /g)].map(([, offset]) => Number(offset));
    expect(offsets.length).toBe(Number(/\/Size (\d+)/.exec(pdf)?.[1]) - 1);
    offsets.forEach((offset, index) => {
      expect(pdf.slice(offset).startsWith(`${index + 1} 0 obj\n`)).toBe(true);
    });
  });

  it('has streams of the declared length (§7.3.8)', () => {
    const streams = [...pdf.matchAll(/<< \/Length (\d+) >>\nstream\n([\s\S]*?)\nendstream/g)];
    expect(streams.length).toBe(Number(/\/Count (\d+)/.exec(pdf)?.[1]));
    expect(streams.length).toBeGreaterThan(1);
    for (const [, length, body] of streams) expect(body?.length).toBe(Number(length));
  });

  it('escapes characters that would end a string, and keeps accented letters (§7.3.4.2)', () => {
    expect(pdf).toContain('(Seen on \\(Monday\\) \\\\ Tuesday - with Sof\xeda) Tj');
  });
});
