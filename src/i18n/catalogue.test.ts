import { describe, expect, it } from 'vitest';
import { type Html, htmlToString } from '../kernel/index.ts';
import { getMessages, LANGUAGES } from './index.ts';

/** Yields every text and function of the catalogue with its path. */
function listEntries(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || path.endsWith('Html')) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => listEntries(inner, path === '' ? name : `${path}.${name}`));
}

const HOSTILE = '<img src=x onerror=alert(1)>&"';

/** Text of an entry, which is a string or `Html`. */
const entryText = (value: unknown): string => (typeof value === 'string' ? value : htmlToString(value as Html));

/** Calls a function with hostile arguments of any expected kind: text, counts, lists or nested text functions. */
function callWithHostileArguments(make: (...argument: readonly unknown[]) => unknown): string | undefined {
  const hostile = new Proxy(
    Object.assign(() => HOSTILE, { toString: () => HOSTILE, [Symbol.toPrimitive]: () => HOSTILE }),
    {
      get: (target, name) => (name in target ? Reflect.get(target, name) : HOSTILE),
    },
  );
  for (const argument of [HOSTILE, hostile, [HOSTILE]]) {
    try {
      return entryText(make(...Array.from({ length: 8 }, () => argument)));
    } catch {
      // The function expects another kind of argument.
    }
  }
  return undefined;
}

describe.each(LANGUAGES)('the catalogue in %s', (language) => {
  const entries = listEntries(getMessages(language));
  it('has a text or a function for every entry, and none is empty', () => {
    const wrong = entries.filter(([, value]) => typeof value !== 'function' && entryText(value).trim() === '');
    expect(wrong).toEqual([]);
    expect(entries.length).toBeGreaterThan(20);
  });
  it('entries whose name ends in Html escape their arguments', () => {
    for (const [path, value] of entries) {
      if (typeof value !== 'function' || !path.endsWith('Html')) continue;
      const result = callWithHostileArguments(value as (...argument: readonly unknown[]) => unknown);
      expect(result, path).toBeDefined();
      expect(result, path).not.toContain('<img');
    }
  });
  it('all other entries are plain text without tags', () => {
    for (const [path, value] of entries) {
      if (path.endsWith('Html')) continue;
      const text =
        typeof value === 'function'
          ? callWithHostileArguments(value as (...argument: readonly unknown[]) => unknown)
          : value;
      expect(String(text ?? '').replaceAll(HOSTILE, ''), path).not.toMatch(/<\/?[a-z]+[ >]/i);
    }
  });
  it('contains no programming terms', () => {
    for (const [path, value] of entries)
      if (typeof value === 'string')
        expect(value, path).not.toMatch(/\b(undefined|null|NaN|OAuth|FHIR R4 token|scope)\b/);
  });
});

describe('Spanish', () => {
  it('differs from English, except for names and the few texts both share', () => {
    const spanish = new Map(listEntries(getMessages('es')));
    const same = listEntries(getMessages('en')).filter(
      ([path, value]) => typeof value === 'string' && / /.test(value) && spanish.get(path) === value,
    );
    expect(same.filter(([path]) => path !== 'common.product')).toEqual([]);
  });
});
