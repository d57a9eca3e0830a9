import { describe, expect, it } from 'vitest';
import { isAllowedNarrative } from './allowed-narrative.ts';
import { narrativeTable, paragraphs } from './narrative.ts';

const div = (content: string) => `<div xmlns="http://www.w3.org/1999/xhtml">${content}</div>`;

describe('narratives that may be shown (FHIR R4 §2.4, txt-1)', () => {
  it.each([
    div('<p class="x">Text &nbsp; &amp; <b>bold</b><br/></p>'),
    '<div>Without its namespace</div>',
    div('<a href="https://x.example/#y" title="t">link</a>'),
    narrativeTable(['a'], [['b']], ['c']).div,
    paragraphs('x').div,
  ])('accepts %s', (text) => {
    expect(isAllowedNarrative(text)).toBe(true);
  });

  it.each([
    div('<script>x</script>'),
    div('<p onclick="x">y</p>'),
    div('<p style="position:fixed">y</p>'),
    div('<a href="javascript:x">y</a>'),
    div('<a href=" JavaScript:x">y</a>'),
    div('<img src="https://x.example/pixel"/>'),
    div('<svg xmlns="http://www.w3.org/2000/svg" onload="x"/>'),
    div('<form action="x"><input/></form>'),
    div('<x:script xmlns:x="http://www.w3.org/1999/xhtml">x</x:script>'),
    '<div>not closed',
    '<!DOCTYPE div [<!ENTITY x "y">]><div>&x;</div>',
    'words',
    7,
    undefined,
  ])('rejects %s', (text) => {
    expect(isAllowedNarrative(text)).toBe(false);
  });
});
