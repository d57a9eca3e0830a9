import { describe, expect, it } from 'vitest';
import { type Html, htmlToString } from '../kernel/index.ts';
import { adminWebEn } from './en/admin-web.ts';
import { counts as englishCounts } from './en/counts.ts';
import { webEn } from './en/web.ts';
import { adminWebEs } from './es/admin-web.ts';
import { counts as spanishCounts } from './es/counts.ts';
import { webEs } from './es/web.ts';
import { getMessages, LANGUAGES, type Language } from './index.ts';

/** Surface whose texts may contain terms of the standards such as "scope", because developers read them. */
const FOR_DEVELOPERS = 'the portals of developers and administrators';

/** The surfaces that have a message catalog of their own, each with its catalogs by language. */
const SURFACES: Readonly<Record<string, Readonly<Record<Language, unknown>>>> = {
  'server pages and emails': { en: getMessages('en'), es: getMessages('es') },
  [FOR_DEVELOPERS]: { en: { ...webEn, ...adminWebEn }, es: { ...webEs, ...adminWebEs } },
};

type MakeText = (...argument: readonly unknown[]) => unknown;

/** Returns every text and text function of a catalog with its path, such as `signIn.title`. */
function listEntries(value: unknown, path = ''): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || path.endsWith('Html')) return [[path, value]];
  return Object.entries(value).flatMap(([name, inner]) => listEntries(inner, path === '' ? name : `${path}.${name}`));
}

const HOSTILE = '<img src=x onerror=alert(1)>&"';

/** Returns the text of a catalog entry, which is a string or `Html`. */
const entryText = (value: unknown): string => (typeof value === 'string' ? value : htmlToString(value as Html));

/**
 * Calls a text function with arguments that contain HTML. Functions expect different kinds of arguments, so several
 * kinds are tried: a text, an object whose members are texts and functions, and a list. Returns undefined if the
 * function accepts none of them.
 */
function callWithHostileArguments(make: MakeText): string | undefined {
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
      // The text function doesn't accept this kind of argument, so the loop tries the next kind.
    }
  }
  return undefined;
}

const cases = Object.entries(SURFACES).flatMap(([surface, messages]) =>
  LANGUAGES.map((language) => ({ surface, language, entries: listEntries(messages[language]) })),
);

describe.each(cases)('messages for $surface in $language', ({ surface, language, entries }) => {
  it('has a text or a function for every entry, and none is empty', () => {
    const wrong = entries.filter(([, value]) => typeof value !== 'function' && entryText(value).trim() === '');
    expect(wrong).toEqual([]);
    expect(entries.length).toBeGreaterThan(20);
  });
  it('entries whose name ends in Html escape their arguments', () => {
    for (const [path, value] of entries) {
      if (typeof value !== 'function' || !path.endsWith('Html')) continue;
      const result = callWithHostileArguments(value as MakeText);
      expect(result, path).toBeDefined();
      expect(result, path).not.toContain('<img');
    }
  });
  it('all other entries are plain text without tags', () => {
    for (const [path, value] of entries) {
      if (path.endsWith('Html')) continue;
      const text = typeof value === 'function' ? callWithHostileArguments(value as MakeText) : value;
      expect(String(text ?? '').replaceAll(HOSTILE, ''), path).not.toMatch(/<\/?[a-z]+[ >]/i);
    }
  });
  it('contains no programming terms', () => {
    const terms =
      surface === FOR_DEVELOPERS ? /\b(undefined|null|NaN)\b/ : /\b(undefined|null|NaN|OAuth|FHIR R4 token|scope)\b/;
    for (const [path, value] of entries) if (typeof value === 'string') expect(value, path).not.toMatch(terms);
  });
  it('plural texts agree with 0, 1, 2, 1,000 and 1,000,000', () => {
    const plurals = entries.filter(([, value]) => typeof value === 'function' && isPlural(value as MakeText));
    expect(plurals.length).toBeGreaterThan(5);
    for (const [path, value] of plurals) {
      const text = (count: number) => countText(value as MakeText, count) ?? '';
      const other = withoutNumbers(text(2));
      expect(withoutNumbers(text(0)), path).not.toBe(withoutNumbers(text(1)));
      expect(withoutNumbers(text(1000)), path).toBe(other);
      expect(text(1000), path).toContain('1,000');
      expect(text(1_000_000), path).toContain('1,000,000');
      expect(withoutPreposition(withoutNumbers(text(1_000_000))), path).toBe(
        language === 'en' ? other : withoutPreposition(other),
      );
    }
  });
});

/**
 * Returns the text of a function for a count. The function may take the count in any position, or in an object under
 * any name. Returns undefined if the function takes no count.
 */
function countText(make: MakeText, count: number): string | undefined {
  const named = new Proxy({}, { get: () => count });
  for (const argument of [count, named]) {
    try {
      const text = make(...Array.from({ length: 8 }, () => argument));
      const parts = typeof text === 'string' ? [text] : Object.values(text as Record<string, unknown>).map(String);
      if (!parts.join().includes('NaN')) return parts.join('\n');
    } catch {
      // The text function doesn't accept this kind of argument, so the loop tries the next kind.
    }
  }
  return undefined;
}

/**
 * Removes what differs in Spanish between 1,000,000 and other counts. For example, "su 1,000,000 de llaves" but "sus
 * 1,000 llaves".
 */
const withoutPreposition = (text: string): string => text.replaceAll('# de ', '# ').replaceAll('sus #', 'su #');

const withoutNumbers = (text: string): string => text.replace(/\d[\d,]*/g, '#');

function isPlural(make: MakeText): boolean {
  const [one, two] = [countText(make, 1), countText(make, 2)];
  return one !== undefined && two !== undefined && withoutNumbers(one) !== withoutNumbers(two);
}

it.each(Object.keys(englishCounts) as (keyof typeof englishCounts)[])('%s are counted in both languages', (noun) => {
  const [english, spanish] = [englishCounts[noun], spanishCounts[noun]];
  const [, one, other] = [english(0), english(1).replace(/^1 /, ''), english(2).replace(/^2 /, '')];
  const [uno, otros] = [spanish(1).replace(/^1 /, ''), spanish(2).replace(/^2 /, '')];
  expect(one).not.toBe(other);
  expect(uno).not.toBe(otros);
  const figures = [0, 1000, 1_000_000];
  expect(figures.map(english)).toEqual([`0 ${other}`, `1,000 ${other}`, `1,000,000 ${other}`]);
  expect(figures.map(spanish)).toEqual([`0 ${otros}`, `1,000 ${otros}`, `1,000,000 de ${otros}`]);
});

it.each([
  [0, 'App suspended. 0 tokens revoked.', 'Aplicación suspendida. Se revocaron 0 tokens.'],
  [1, 'App suspended. 1 token revoked.', 'Aplicación suspendida. Se revocó 1 token.'],
  [2, 'App suspended. 2 tokens revoked.', 'Aplicación suspendida. Se revocaron 2 tokens.'],
  [1000, 'App suspended. 1,000 tokens revoked.', 'Aplicación suspendida. Se revocaron 1,000 tokens.'],
  [1_000_000, 'App suspended. 1,000,000 tokens revoked.', 'Aplicación suspendida. Se revocaron 1,000,000 de tokens.'],
])('verbs agree with %d too', (count, english, spanish) => {
  expect(adminWebEn.review.decide.suspended(count)).toBe(english);
  expect(adminWebEs.review.decide.suspended(count)).toBe(spanish);
});

const SAME_IN_BOTH = ['Swagger UI', 'FHIR R4', 'FHIR DSTU2', 'Use response_type=code.'];

describe.each(Object.entries(SURFACES))('Spanish for %s', (_surface, { en, es }) => {
  it('differs from English, except for names', () => {
    const spanish = new Map(listEntries(es));
    const same = listEntries(en).filter(
      ([path, value]) => typeof value === 'string' && / /.test(value) && spanish.get(path) === value,
    );
    expect(same.filter(([, text]) => !SAME_IN_BOTH.includes(String(text)))).toEqual([]);
  });
});
