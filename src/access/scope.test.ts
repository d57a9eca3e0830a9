import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  covers,
  coversAll,
  intersectScope,
  intersectScopes,
  parseGranularQuery,
  parseScope,
  parseScopes,
  printGranularQuery,
  printScope,
  printScopes,
  type ResourceScope,
  restrictPermissions,
  type Scope,
  toSyntax,
} from './scope.ts';

const one = (text: string): Scope => {
  const scope = parseScope(text);
  if (scope === undefined) throw new Error(`${text} isn't a valid scope`);
  return scope;
};
const many = (text: string) => parseScopes(text).scopes;
const LAB = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory';

describe('SMART App Launch 2.2 §3.0.2: the grammar of scopes', () => {
  it.each([
    'openid',
    'fhirUser',
    'profile',
    'launch',
    'launch/patient',
    'launch/encounter',
    'offline_access',
    'online_access',
    'patient/*.read',
    'patient/*.*',
    'patient/Observation.rs',
    'patient/Observation.r',
    'user/Practitioner.cruds',
    'system/*.rs',
    `patient/Observation.rs?${LAB}`,
    `patient/Observation.rs?status=final,amended&${LAB}`,
    'patient/Observation.rs?category=a%20b%2Cc',
  ])('%s is printed exactly as it was parsed', (text) => {
    expect(printScope(one(text))).toBe(text);
  });

  it.each([
    'patient/observation.rs',
    'patient/Observation',
    'patient/Observation.sr',
    'patient/Observation.x',
    'patient/Observation.',
    'Patient/Observation.rs',
    'patient/Observation.read?category=x',
    'launch/practitioner',
    'hasOwnProperty',
    'constructor',
    'patient/Observation.constructor',
    'patient/Observation.toString',
  ])('%s is not a valid scope', (text) => {
    expect(parseScope(text)).toBeUndefined();
  });

  it.each([
    '',
    'x',
    'x=',
    '=x',
    'category=a&',
    '&category=a',
    'category=ä',
    'category=a"b',
    'category=a\\,b',
    'a=%00',
    'a%0a=b',
  ])('RFC 6749 §3.3: ?%s is not a valid query of a scope', (query) => {
    expect(parseScope(`patient/Observation.rs?${query}`)).toBeUndefined();
  });

  it('reports unknown scopes and drops duplicates', () => {
    expect(parseScopes(' openid  openid nonsense patient/*.read ')).toEqual({
      scopes: [one('openid'), one('patient/*.read')],
      unknown: ['nonsense'],
    });
  });
});

describe('SMART App Launch 2.2 §3.0.2.1: v1 means what v2 spells out', () => {
  it.each([
    ['patient/Observation.read', 'patient/Observation.rs'],
    ['patient/Observation.write', 'patient/Observation.cud'],
    ['patient/Observation.*', 'patient/Observation.cruds'],
  ])('%s and %s cover each other and convert into each other', (v1, v2) => {
    expect(covers(one(v1), one(v2)) && covers(one(v2), one(v1))).toBe(true);
    expect(toSyntax(one(v1), 'v2')).toEqual(one(v2));
    expect(toSyntax(one(v2), 'v1')).toEqual(one(v1));
  });

  it.each(['patient/Observation.r', 'patient/Observation.cd', 'openid', `patient/Observation.rs?${LAB}`])(
    '%s has no v1 form and stays unchanged',
    (text) => {
      expect(printScope(toSyntax(one(text), 'v1'))).toBe(text);
    },
  );
});

describe('restricting permissions', () => {
  it.each([
    ['patient/*.cruds', 'patient/*.rs'],
    ['patient/*.*', 'patient/*.read'],
    ['patient/*.r', 'patient/*.r'],
    ['patient/Observation.write', undefined],
    [`patient/Observation.cruds?${LAB}`, `patient/Observation.rs?${LAB}`],
    ['openid', 'openid'],
  ])('%s restricted to read and search is %s', (given, left) => {
    const limited = restrictPermissions(one(given), 'rs');
    expect(limited === undefined ? undefined : printScope(limited)).toBe(left);
  });
});

describe('granular scopes (SMART App Launch 2.2 §3.0.2.5)', () => {
  const query = (text: string) => one(`patient/Observation.rs?${text}`);

  it.each([
    ['category=a', 'category=a&code=x'],
    ['code=x&category=a', 'category=a&code=x'],
    ['category=a,b', 'category=b'],
    ['category=b,a', 'category=a,b'],
    ['category=s|a', 'category=s%7Ca'],
    ['category=a b'.replace(' ', '+'), 'category=a%20b'],
  ])('%s covers %s', (a, b) => {
    expect(covers(query(a), query(b))).toBe(true);
  });

  it.each([
    ['category=a', 'category=b'],
    ['category=a&code=x', 'category=a'],
    ['category=a', 'category=a,b'],
    ['category=a,b', 'category=a%5C,b'],
    ['category=a', 'category:not=a'],
  ])('%s does not cover %s', (a, b) => {
    expect(covers(query(a), query(b))).toBe(false);
  });

  it('printed parameters are parsed back unchanged', () => {
    const value = fc.string({ unit: 'grapheme', minLength: 1 }).filter((text) => /^[^\\,\p{Cc}\p{Cs}]+$/u.test(text));
    const parameter = fc.record({ name: value, values: fc.array(value, { minLength: 1, maxLength: 3 }) });
    fc.assert(
      fc.property(fc.array(parameter, { minLength: 1, maxLength: 3 }), (parameters) => {
        const text = printGranularQuery(parameters);
        expect(parseGranularQuery(text)).toEqual(parameters);
        expect(parseScope(`patient/Observation.rs?${text}`)).toBeDefined();
      }),
    );
  });
});

describe('intersection of requested and held scopes', () => {
  it.each([
    ['patient/*.read', 'patient/*.rs', 'patient/*.read'],
    ['patient/*.rs', 'patient/Observation.read patient/Patient.read', 'patient/Observation.rs patient/Patient.rs'],
    ['patient/Observation.rs', 'patient/*.read', 'patient/Observation.rs'],
    ['patient/Observation.cruds', 'patient/*.rs', 'patient/Observation.rs'],
    ['patient/Observation.*', 'patient/*.rs', 'patient/Observation.read'],
    [
      'patient/Observation.rs',
      'patient/Observation.r patient/Observation.s',
      'patient/Observation.r patient/Observation.s',
    ],
    ['user/*.rs', 'patient/*.rs', ''],
    ['openid offline_access', 'openid', 'openid'],
    ['patient/Observation.rs', 'patient/Observation.rs?category=a', 'patient/Observation.rs?category=a'],
    ['patient/Observation.read', 'patient/Observation.rs?category=a', 'patient/Observation.rs?category=a'],
    ['patient/Observation.rs?code=x', 'patient/*.rs?category=a', 'patient/Observation.rs?code=x&category=a'],
    ['patient/Observation.rs?category=a,b', 'patient/*.rs?category=b', 'patient/Observation.rs?category=b'],
    ['patient/Observation.rs?b=y&a=x', 'patient/Observation.rs?a=x&b=y', 'patient/Observation.rs?b=y&a=x'],
    [
      'patient/Observation.rs?category=a,b&code=x',
      'patient/Observation.rs?category=b&status=final',
      'patient/Observation.rs?code=x&category=b&status=final',
    ],
    ['patient/*.rs', 'patient/*.rs patient/Observation.rs', 'patient/*.rs'],
  ])('%s and %s intersect in "%s"', (requested, granted, met) => {
    expect(printScopes(intersectScopes(many(requested), many(granted)))).toBe(met);
  });
});

const query = fc
  .subarray(['category=a', 'category=b', 'category=a,b', 'code=x'])
  .map((parts) => parts.join('&'))
  .filter((text) => text !== '');
const resource = fc
  .tuple(
    fc.constantFrom('patient', 'user', 'system'),
    fc.constantFrom('*', 'Patient', 'Observation', 'Condition'),
    fc.oneof(
      fc.constantFrom('read', 'write', '*'),
      fc.subarray([...'cruds'], { minLength: 1 }).map((letters) => letters.join('')),
    ),
    fc.option(query, { nil: '', freq: 2 }),
  )
  .map(([context, type, letters, text]) =>
    one(`${context}/${type}.${letters}${text === '' || /^(read|write|\*)$/.test(letters) ? '' : `?${text}`}`),
  );
const scope = fc.oneof(
  { weight: 1, arbitrary: fc.constantFrom('openid', 'launch', 'launch/patient', 'offline_access').map(one) },
  { weight: 5, arbitrary: resource },
);
const list = fc.array(scope, { maxLength: 6 });

/**
 * Lists everything that the scopes allow: each permission on each resource type, for data with every combination of
 * properties that the test's granular scopes ask for. The type `Other` is allowed only by a wildcard.
 */
function allowed(scopes: readonly Scope[]): ReadonlySet<string> {
  return new Set(
    scopes.flatMap((each) => {
      if (each.kind === 'named') return [each.name];
      const types = each.type === '*' ? ['Patient', 'Observation', 'Condition', 'Other'] : [each.type];
      return types.flatMap((type) =>
        [...each.permissions].flatMap((letter) =>
          DATA.filter((datum) => fits(each, datum)).map((datum) => `${each.context}/${type}.${letter} of ${datum}`),
        ),
      );
    }),
  );
}
const PROPERTIES = ['category=a', 'category=b', 'code=x'];
const DATA = [0, 1, 2, 3, 4, 5, 6, 7].map((n) => PROPERTIES.filter((_, i) => (n >> i) % 2 === 1).join(' '));
const fits = ({ query: text }: ResourceScope, datum: string): boolean =>
  text === '' ||
  text.split('&').every((parameter) => {
    const [name, values = ''] = parameter.split('=');
    return values.split(',').some((value) => datum.split(' ').includes(`${name}=${value}`));
  });

type Texts = ReadonlySet<string>;
const within = (a: Texts, b: Texts) => [...a].every((text) => b.has(text));
const same = (a: Texts, b: Texts) => a.size === b.size && within(a, b);
const inBoth = (a: Texts, b: Texts): Texts => new Set([...a].filter((text) => b.has(text)));

describe('properties of the scope algebra, checked against an enumeration of what the scopes allow', () => {
  it('printing and parsing is the identity', () => {
    fc.assert(
      fc.property(scope, (a) => {
        expect(one(printScope(a))).toEqual(a);
      }),
    );
  });
  it('permissions are valid only in the order of cruds', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...'cruds'], { minLength: 1 }), (letters) => {
        const inOrder = [...letters].sort((a, b) => 'cruds'.indexOf(a) - 'cruds'.indexOf(b)).join('');
        const read = parseScope(`patient/Observation.${letters.join('')}`);
        return letters.join('') === inOrder ? printScope(read ?? one('openid')).endsWith(`.${inOrder}`) : !read;
      }),
    );
  });
  it('v1 to v2 and back is the identity, and neither changes what is allowed', () => {
    fc.assert(
      fc.property(scope, (a) => {
        if (a.kind === 'resource' && a.syntax === 'v1') expect(toSyntax(toSyntax(a, 'v2'), 'v1')).toEqual(a);
        return same(allowed([toSyntax(a, 'v2')]), allowed([a])) && same(allowed([toSyntax(a, 'v1')]), allowed([a]));
      }),
    );
  });
  it('a scope covers another one exactly if it allows all that the other allows, which is a partial order', () => {
    fc.assert(fc.property(scope, scope, (a, b) => covers(a, b) === within(allowed([b]), allowed([a]))));
    fc.assert(
      fc.property(scope, scope, scope, (a, b, c) => covers(a, a) && (!(covers(a, b) && covers(b, c)) || covers(a, c))),
    );
  });
  it('the intersection of two scopes is the greatest scope that both cover', () => {
    fc.assert(
      fc.property(scope, scope, scope, (a, b, c) => {
        const met = intersectScope(a, b);
        const both = inBoth(allowed([a]), allowed([b]));
        if (met === undefined) return both.size === 0;
        const greatest = !(covers(a, c) && covers(b, c)) || covers(met, c);
        return covers(a, met) && covers(b, met) && greatest && same(allowed([met]), both);
      }),
    );
  });
  it('an intersection is printed and parsed back unchanged', () => {
    fc.assert(
      fc.property(scope, scope, (a, b) => {
        const met = intersectScope(a, b);
        if (met !== undefined) expect(one(printScope(met))).toEqual(met);
      }),
    );
  });
  it('the intersection of two lists allows exactly what both allow, so consent and refresh never widen access', () => {
    fc.assert(
      fc.property(list, list, (requested, granted) => {
        const met = intersectScopes(requested, granted);
        const both = inBoth(allowed(requested), allowed(granted));
        return same(allowed(met), both) && coversAll(requested, met) && coversAll(granted, met);
      }),
    );
  });
  it('intersecting is idempotent', () => {
    fc.assert(
      fc.property(list, list, (requested, granted) => {
        const met = intersectScopes(requested, granted);
        expect(printScopes(intersectScopes(met, granted))).toBe(printScopes(met));
        expect(printScopes(intersectScopes(requested, requested))).toBe(printScopes(requested));
      }),
    );
  });
  it('a list that covers another one allows all that the other allows', () => {
    fc.assert(fc.property(list, list, (a, b) => !coversAll(a, b) || within(allowed(b), allowed(a))));
  });
  it('restricting permissions keeps exactly what these permissions allow', () => {
    fc.assert(
      fc.property(resource, fc.subarray([...'cruds']), (a, letters) => {
        const limited = restrictPermissions(a, letters.join(''));
        const left = [...allowed([a])].filter((each) => letters.includes(each.charAt(each.indexOf('.') + 1)));
        return same(allowed(limited === undefined ? [] : [limited]), new Set(left));
      }),
    );
  });
});

describe('hostile input', () => {
  it('is parsed or reported as unknown and never throws', () => {
    const hostile = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom(...'patient/*.rs?&=,|%\\ \u0000é') }),
      fc.string({ unit: 'binary-ascii' }).map((text) => `patient/Observation.rs?a=${text}`),
    );
    fc.assert(
      fc.property(hostile, hostile, (a, b) => {
        const [read, other] = [many(a), many(b)];
        for (const each of read) expect(one(printScope(each))).toEqual(each);
        return coversAll(read, intersectScopes(read, other));
      }),
    );
  });

  it.each([
    ['letters in a type', `patient/${'A'.repeat(1e6)}.rs`],
    ['a name', `${'launch/'.repeat(2e5)}`],
    ['permissions', `patient/Observation.${'cruds'.repeat(2e5)}`],
    ['parameters', `patient/Observation.rs?${'a=b&'.repeat(2e5)}`],
    ['one value', `patient/Observation.rs?a=${'%'.repeat(1e6)}`],
    ['commas', `patient/Observation.rs?a=${','.repeat(1e6)}`],
    ['escapes', `patient/Observation.rs?a=${'%5C'.repeat(3e5)}`],
    ['spaces', ' '.repeat(1e6)],
    ['words', 'x '.repeat(3e5)],
  ])('a megabyte of %s is parsed in linear time', (_, text) => {
    const scopes = many(text);
    expect(intersectScopes(scopes, scopes)).toEqual(scopes);
  });
});
