import { describe, expect, it } from 'vitest';
import { LANGUAGES, wordsIn } from './index.ts';

/** Every text and every function of the catalogue, by its path. */
function entriesOf(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => entriesOf(inner, path === '' ? name : `${path}.${name}`));
}

const HOSTILE = '<img src=x onerror=alert(1)>&"';

/** What a function gives when whatever it takes is hostile: text, counts, lists or parts of a sentence. */
function attempt(make: (...given: readonly unknown[]) => unknown): string | undefined {
  const one = new Proxy(
    Object.assign(() => HOSTILE, { toString: () => HOSTILE, [Symbol.toPrimitive]: () => HOSTILE }),
    {
      get: (target, name) => (name in target ? Reflect.get(target, name) : HOSTILE),
    },
  );
  for (const given of [HOSTILE, one, [HOSTILE]]) {
    try {
      const made = make(...Array.from({ length: 8 }, () => given));
      if (typeof made === 'string') return made;
    } catch {
      // it takes something else
    }
  }
  return undefined;
}

describe.each(LANGUAGES)('the catalogue in %s', (language) => {
  const entries = entriesOf(wordsIn(language));
  it('has a text or a function at every place, and none is empty', () => {
    const wrong = entries.filter(
      ([, value]) => typeof value !== 'function' && (typeof value !== 'string' || value.trim() === ''),
    );
    expect(wrong).toEqual([]);
    expect(entries.length).toBeGreaterThan(20);
  });
  it('what a name that ends in Html gives has escaped what it was given', () => {
    for (const [path, value] of entries) {
      if (typeof value !== 'function' || !path.endsWith('Html')) continue;
      const made = attempt(value as (...given: readonly unknown[]) => unknown);
      expect(made, path).toBeDefined();
      expect(made, path).not.toContain('<img');
    }
  });
  it('all else is text: it holds no tag of its own', () => {
    for (const [path, value] of entries) {
      if (path.endsWith('Html')) continue;
      const text = typeof value === 'function' ? attempt(value as (...given: readonly unknown[]) => unknown) : value;
      expect(String(text ?? '').replaceAll(HOSTILE, ''), path).not.toMatch(/<\/?[a-z]+[ >]/i);
    }
  });
  it('says nothing in the words of programs', () => {
    for (const [path, value] of entries)
      if (typeof value === 'string')
        expect(value, path).not.toMatch(/\b(undefined|null|NaN|OAuth|FHIR R4 token|scope)\b/);
  });
});

describe('Spanish', () => {
  it('is no copy of the English, but for names and the few words both share', () => {
    const spanish = new Map(entriesOf(wordsIn('es')));
    const same = entriesOf(wordsIn('en')).filter(
      ([path, value]) => typeof value === 'string' && / /.test(value) && spanish.get(path) === value,
    );
    expect(same.filter(([path]) => path !== 'common.product')).toEqual([]);
  });
});
