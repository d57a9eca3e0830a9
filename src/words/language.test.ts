import { describe, expect, it } from 'vitest';
import { languageOf } from './language.ts';

const asked = (accept: string, cookie?: string) => languageOf({ 'accept-language': accept, cookie });

describe('the language of a page (RFC 9110 §12.5.4)', () => {
  it('is the one of the browser’s with the greatest weight that there is', () => {
    expect(asked('es-MX,es;q=0.9,en;q=0.8')).toBe('es');
    expect(asked('de, en;q=0.3, es;q=0.7')).toBe('es');
    expect(asked('en-US,en;q=0.9,es;q=0.8')).toBe('en');
  });
  it('q=0 is none', () => expect(asked('es;q=0, fr')).toBe('en'));
  it('is English when none is known, or nothing is asked for', () => {
    expect(asked('ja')).toBe('en');
    expect(languageOf({})).toBe('en');
    expect(asked(`${'x,'.repeat(10_000)}es`)).toBe('en');
  });
  it('is what the person chose, whatever the browser asks for', () => {
    expect(asked('es', 'browser=a; language=en')).toBe('en');
    expect(asked('en', 'language=es')).toBe('es');
    expect(asked('en', 'notlanguage=es; language=xx')).toBe('en');
  });
});
