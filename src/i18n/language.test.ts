import { describe, expect, it } from 'vitest';
import { requestLanguage } from './language.ts';

const languageFor = (accept: string, cookie?: string) => requestLanguage({ 'accept-language': accept, cookie });

describe('the language of a page (RFC 9110 §12.5.4)', () => {
  it('is the supported language with the highest weight in Accept-Language', () => {
    expect(languageFor('es-MX,es;q=0.9,en;q=0.8')).toBe('es');
    expect(languageFor('de, en;q=0.3, es;q=0.7')).toBe('es');
    expect(languageFor('en-US,en;q=0.9,es;q=0.8')).toBe('en');
  });
  it('ignores languages with q=0', () => expect(languageFor('es;q=0, fr')).toBe('en'));
  it('is English if no requested language is supported or none is requested', () => {
    expect(languageFor('ja')).toBe('en');
    expect(requestLanguage({})).toBe('en');
    expect(languageFor(`${'x,'.repeat(10_000)}es`)).toBe('en');
  });
  it('is the person’s own choice, whatever the browser requests', () => {
    expect(languageFor('es', 'browser=a; language=en')).toBe('en');
    expect(languageFor('en', 'language=es')).toBe('es');
    expect(languageFor('en', 'notlanguage=es; language=xx')).toBe('en');
  });
});
