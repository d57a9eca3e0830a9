import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalXhtml } from '../../model/xml/xhtml.ts';
import { narrativeTable, paragraphs } from './narrative.ts';

const any = fc.string({ unit: 'binary', maxLength: 40 });
const HOSTILE = [
  '</td></div><script>x</script>',
  '&amp;&lt;',
  '<!--',
  ']]>',
  '<?php',
  '"onclick="',
  '\u0000\ud800',
  '\r\n\t',
];
const text = fc.oneof(any, fc.constantFrom(...HOSTILE));
const cells = (div: string): number => div.match(/<td>/g)?.length ?? 0;

describe('generated narratives (FHIR R4 §2.4)', () => {
  it('are canonical XHTML for any text', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(text, text), { maxLength: 4 }), fc.array(text, { maxLength: 2 }), (rows, after) => {
        const { div } = narrativeTable(['Name', 'Date'], rows, after);
        expect(canonicalXhtml(div)).toBe(div);
        expect(cells(div)).toBe(rows.length * 2);
        expect(div.match(/<p>/g)?.length ?? 0).toBe(after.length);
      }),
    );
  });

  it('contain only table elements for hostile text', () => {
    const { div, status } = narrativeTable(
      ['Name'],
      HOSTILE.map((one) => [one]),
      HOSTILE,
    );
    expect(status).toBe('generated');
    expect(new Set(div.match(/<\/?[^>\s]+/g))).toEqual(
      new Set(['div', 'table', 'thead', 'tr', 'th', 'tbody', 'td', 'p'].flatMap((name) => [`<${name}`, `</${name}`])),
    );
  });

  it('escape special characters', () => {
    expect(paragraphs('5 < 6 & "so"').div).toContain('<p>5 &lt; 6 &amp; "so"</p>');
  });
});
