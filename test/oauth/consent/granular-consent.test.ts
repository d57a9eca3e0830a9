import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  coversAll,
  parseGranularQuery,
  parseScopes,
  printScopes,
  resourceScopes,
  type Scope,
} from '../../../src/access/index.ts';
import { describeServedTypes, dstu2, r4 } from '../../../src/fhir/index.ts';
import { getMessages } from '../../../src/i18n/index.ts';
import { CATEGORY_GROUPS, readAllowedItems } from '../../../src/oauth/consent/category-groups.ts';
import { applyConsentSelection } from '../../../src/oauth/consent/consent-selection.ts';
import { listDurationOptions, parseDurationEnd } from '../../../src/oauth/consent/durations.ts';
import { removeDeniedScopes } from '../../../src/oauth/scopes/grantable-scopes.ts';
import {
  categoryKeys,
  DATA_CATEGORIES,
  findCategoryKey,
  RESOURCE_CATEGORIES,
  STANDALONE_CATEGORIES,
} from '../../../src/oauth/scopes/resource-categories.ts';
import { offerOf, pageOf } from '../../support/oauth/consent-offer.ts';

const types = describeServedTypes([r4, dstu2]);
const many = (text: string) => parseScopes(text).scopes;
const groups = (scope: string, denied: readonly string[] = []) =>
  pageOf(offerOf(scope, { types }), 'en', { declinedKeys: denied }).groups;
const keys = (scope: string) => groups(scope).flatMap(({ items }) => items.map(({ key }) => key));
/** Keys of the items that are allowed if the page is submitted as it starts. */
const checkedKeys = (scope: string, denied: readonly string[]) =>
  groups(scope, denied).flatMap(({ on, items }) => items.filter((line) => on && line.checked).map(({ key }) => key));
const narrowed = (scope: string, denied: readonly string[]) =>
  printScopes(removeDeniedScopes(many(scope), denied, types));
const decided = (scope: string, allowed: readonly string[]) => {
  const consented = applyConsentSelection(offerOf(scope, { types }), { allowed, offline: true }, types);
  return consented && { ...consented, scopes: printScopes(consented.scopes) };
};
const but = (all: readonly string[], ...without: string[]) => all.filter((key) => !without.includes(key));

const CONDITION = categoryKeys('Condition');
const OBSERVATION = categoryKeys('Observation');
const WITHOUT_CATEGORIES = but(STANDALONE_CATEGORIES, 'Condition', 'Observation').filter((type) =>
  types.names.includes(type),
);
const LAB = 'category=http://terminology.hl7.org/CodeSystem/observation-category|laboratory';
const VITALS = 'category=http://terminology.hl7.org/CodeSystem/observation-category|vital-signs';
const SDOH = 'category=http://hl7.org/fhir/us/core/CodeSystem/us-core-category|sdoh';
const PROBLEMS = [
  'category=http://terminology.hl7.org/CodeSystem/condition-category|problem-list-item',
  'category=http://hl7.org/fhir/us/core/CodeSystem/condition-category|problem',
];
const CONCERNS = 'category=http://hl7.org/fhir/us/core/CodeSystem/condition-category|health-concern';

describe('ONC § 170.315(g)(10): consent items for FHIR categories', () => {
  it('exist for Condition and Observation', () => {
    expect(CONDITION.map((key) => key.replace('Condition:', '')).sort()).toEqual([
      'encounter-diagnosis',
      'health-concern',
      'problem-list-item',
    ]);
    expect(OBSERVATION.map((key) => key.replace('Observation:', '')).sort()).toEqual([
      'clinical-test',
      'laboratory',
      'sdoh',
      'social-history',
      'survey',
      'vital-signs',
    ]);
  });

  it('say whether other items can have some of the same entries, and in which other group', () => {
    const all = groups('patient/Immunization.rs patient/Condition.rs patient/Observation.rs');
    expect(
      all.map(({ name, items, overlaps }) => [name, [...new Set(items.map((item) => item.mayOverlap))], overlaps]),
    ).toEqual([
      ['problems', [true], []],
      ['results', [true], ['Daily life and family']],
      ['allergies', [false], []],
      ['life', [true], ['Lab results and vitals']],
    ]);
  });

  it('are each in exactly one group, as every data category is', () => {
    const all = groups('patient/*.rs');
    const headings = Object.values(getMessages('en').dataCategories.groups);
    expect(all.map(({ heading }) => heading)).toEqual(headings);
    const shown = all.flatMap(({ items: lines }) => lines.map(({ key }) => key));
    expect(shown.toSorted()).toEqual([...WITHOUT_CATEGORIES, ...CONDITION, ...OBSERVATION].toSorted());
    expect(CATEGORY_GROUPS.flatMap(([, own]) => own).toSorted()).toEqual(
      [...DATA_CATEGORIES, ...CONDITION, ...OBSERVATION].toSorted(),
    );
    expect(CATEGORY_GROUPS).toHaveLength(8);
  });

  it('no group mixes what is always shared with what can be left out', () => {
    for (const { items } of groups('patient/*.rs')) expect(new Set(items.map(({ required }) => required)).size).toBe(1);
  });

  it('have codes that no other category of the type uses', () => {
    for (const parts of Object.values(RESOURCE_CATEGORIES)) {
      const all = Object.values(parts).flatMap(({ codings, otherCodes = [] }) => [...codings, ...otherCodes]);
      const codes = all.map((coding) => coding.slice(coding.lastIndexOf('|') + 1));
      expect(new Set(codes).size).toBe(codes.length);
    }
  });

  it('have their own messages without scope syntax', () => {
    const lines = groups('patient/*.rs patient/Observation.rs?code=x').flatMap((group) => group.items);
    expect(new Set(lines.map(({ label }) => label)).size).toBe(lines.length);
    for (const { label, detail } of lines) expect(`${label} ${detail}`).not.toMatch(/[|?*/]|\.rs|category|scope/);
  });
});

describe('the scopes that an app requests determine the consent items', () => {
  it.each([
    ['one category', `patient/Observation.rs?${LAB}`, ['Observation:laboratory']],
    [
      'several',
      `patient/Observation.rs?${LAB} patient/Observation.r?${SDOH}`,
      ['Observation:laboratory', 'Observation:sdoh'],
    ],
    [
      'a list of values',
      `patient/Observation.rs?${LAB},vital-signs`,
      ['Observation:laboratory', 'Observation:vital-signs'],
    ],
    ['a bare code, in any case', 'patient/Condition.rs?category=Health-Concern', ['Condition:health-concern']],
    ['escaped', 'patient/Observation.rs?categor%79=%6Caboratory', ['Observation:laboratory']],
    ['a code that belongs to a category', 'patient/Observation.rs?category=functional-status', ['Observation:survey']],
    ['the whole type beside', `patient/Observation.rs?${LAB} patient/Observation.r`, OBSERVATION],
    ['another parameter', 'patient/Observation.rs?code=x', ['Observation']],
    ['another parameter beside the category', `patient/Observation.rs?${LAB}&code=x`, ['Observation']],
    ['a category without a consent item', 'patient/Condition.rs?category=sdoh', ['Condition']],
    [
      'a whole system',
      'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|',
      ['Observation'],
    ],
    ['two categories at once', `patient/Observation.rs?${LAB}&${VITALS}`, ['Observation']],
    [
      'a category and something else',
      `patient/Observation.rs?${LAB} patient/Observation.rs?code=x`,
      ['Observation:laboratory', 'Observation'],
    ],
    ['a parameter of a type without categories', 'patient/MedicationRequest.rs?status=active', ['MedicationRequest']],
    ['DSTU2 names', 'patient/MedicationOrder.read', ['MedicationRequest']],
    ['all types that have a parameter', 'patient/*.rs?vaccine-code=x', ['Immunization']],
  ])('%s', (_, scope, expected) => {
    expect(keys(scope)).toEqual(expected);
  });

  it('a single item stands alone and says when it covers only part of a type', () => {
    expect(groups(`patient/Observation.rs?${LAB}`)).toMatchObject([
      { name: 'results', items: [{ label: 'Lab results' }] },
    ]);
    expect(groups('patient/MedicationRequest.rs?status=active')).toMatchObject([
      { items: [{ label: 'Some medicines' }] },
    ]);
    expect(groups(`patient/Observation.rs?${LAB} patient/Observation.rs?code=x`)).toMatchObject([
      {
        name: 'results',
        items: [{ label: 'Lab results' }, { label: 'Some test results and measurements' }],
      },
    ]);
  });
});

describe('the switch of a group', () => {
  const SCOPE = 'patient/Patient.rs patient/MedicationRequest.rs patient/MedicationDispense.rs patient/Immunization.rs';
  const { items } = offerOf(SCOPE, { types });
  const MEDICATIONS = ['MedicationRequest', 'MedicationDispense'];
  const allowedBy = (allowed: readonly string[], on: readonly string[]) =>
    readAllowedItems(items, { allowed, groups: on });

  it('that is off denies the whole group, whatever is checked in it', () => {
    expect(allowedBy([...MEDICATIONS, 'Immunization'], [])).toEqual(['Immunization']);
    expect(allowedBy(MEDICATIONS, ['allergies', 'medicine', 'Medications', '__proto__'])).toEqual([]);
  });
  it('that is on allows what is checked in it', () => {
    expect(allowedBy(MEDICATIONS, ['medicines'])).toEqual(MEDICATIONS);
    expect(allowedBy(['MedicationDispense'], ['medicines'])).toEqual(['MedicationDispense']);
    expect(allowedBy([], ['medicines'])).toEqual([]);
  });
  it('never allows what was not offered', () => {
    expect(allowedBy(['Encounter', 'Observation:laboratory'], ['visits', 'results', 'medicines'])).toEqual([]);
  });
  it('is the checkbox of the item in a group with one item', () => {
    expect(allowedBy(['Immunization'], [])).toEqual(['Immunization']);
    expect(allowedBy([], ['allergies'])).toEqual([]);
  });

  const states = (declinedKeys: readonly string[], itemKeys: readonly string[]) =>
    pageOf(offerOf(SCOPE, { types }), 'en', { declinedKeys, itemKeys })
      .groups.filter(({ name }) => name === 'medicines')
      .map(({ on, items: own }) => [on, own.map(({ checked }) => checked)]);
  it.each([
    ['on at the first time', [], [], [true, [true, true]]],
    ['on if a part was left out', ['MedicationDispense'], MEDICATIONS, [true, [true, false]]],
    ['off if all was left out, ready to be turned on as a whole', MEDICATIONS, MEDICATIONS, [false, [true, true]]],
    [
      'off if all was left out, even if the app asks for more now',
      ['MedicationRequest'],
      ['MedicationRequest'],
      [false, [true, true]],
    ],
    ['on if the whole group is new', [], ['Immunization'], [true, [true, true]]],
  ])('starts %s', (_, declined, asked, expected) => {
    expect(states(declined, asked)).toEqual([expected]);
  });
});

describe('items start as they were last decided', () => {
  it.each([
    ['all', [], CONDITION],
    ['except the denied category', ['Condition:health-concern'], but(CONDITION, 'Condition:health-concern')],
    ['none when the type was denied', ['Condition'], []],
  ])('%s', (_, denied, expected) => {
    expect(checkedKeys('patient/Condition.rs', denied)).toEqual(expected);
  });
  it('an item for part of a type starts unchecked if any category of it was denied', () => {
    expect(checkedKeys('patient/Observation.rs?code=x', ['Observation:sdoh'])).toEqual([]);
    expect(checkedKeys('patient/Observation.rs?code=x', ['Condition:health-concern'])).toEqual(['Observation']);
  });
});

describe('narrowing to categories', () => {
  it('lists the remaining categories, each coding in its own scope', () => {
    expect(narrowed('patient/Condition.rs', ['Condition:encounter-diagnosis', 'Condition:health-concern'])).toBe(
      PROBLEMS.map((query) => `patient/Condition.rs?${query}`).join(' '),
    );
  });
  it('retains other parameters', () => {
    expect(narrowed('patient/Condition.rs?code=x', but(CONDITION, 'Condition:health-concern'))).toBe(
      `patient/Condition.rs?${CONCERNS}&code=x`,
    );
  });
  it.each([
    [
      'a denied scope is removed',
      `patient/Observation.rs?${LAB} patient/Observation.rs?${VITALS}`,
      `patient/Observation.rs?${VITALS}`,
    ],
    [
      'a denied value is removed from its list',
      `patient/Observation.rs?${LAB},vital-signs&code=x`,
      'patient/Observation.rs?category=vital-signs&code=x',
    ],
    [
      'under any other code of the category too',
      'patient/Observation.rs?category=LABORATORY,%6Caboratory,http://hl7.org/fhir/observation-category|laboratory,survey',
      'patient/Observation.rs?category=survey',
    ],
    [
      'a whole system is removed, because it includes the denied code',
      'patient/Observation.rs?category=http://terminology.hl7.org/CodeSystem/observation-category|',
      '',
    ],
    [
      'user/ and system/ scopes are not the patient’s to deny',
      'user/*.read system/Observation.rs',
      'user/*.read system/Observation.rs',
    ],
  ])('after laboratory was denied: %s', (_, scope, expected) => {
    expect(narrowed(scope, ['Observation:laboratory'])).toBe(expected);
  });
  it('a scope without an item requires an allowed category too, because an entry can have several', () => {
    const foo = 'category=http://example.org|foo';
    const left = narrowed(`patient/Condition.rs?${foo}`, but(CONDITION, 'Condition:problem-list-item'));
    expect(left.split(' ')).toEqual(PROBLEMS.map((query) => `patient/Condition.rs?${query}&${foo}`));
    const both = narrowed(`patient/Condition.rs?${PROBLEMS[0]},http://example.org|foo`, [
      'Condition:health-concern',
      'Condition:encounter-diagnosis',
    ]);
    expect(both.split(' ')).toEqual([
      `patient/Condition.rs?${PROBLEMS[0]}`,
      ...PROBLEMS.map((query) => `patient/Condition.rs?${query}&${foo}`),
    ]);
    expect(narrowed(`patient/Condition.rs?${PROBLEMS[0]}&${foo}`, ['Condition:health-concern'])).toBe(
      `patient/Condition.rs?${PROBLEMS[0]}&${foo}`,
    );
  });
  it('whatever else is requested, the remaining scopes are about an allowed category', () => {
    const value = fc.constantFrom(...['laboratory', 'vital-signs', 'survey', 'LAB', 'foo'], 'http://x|', 'sdoh');
    const parameter = fc.tuple(fc.constantFrom('category', 'category', 'code'), fc.array(value, { minLength: 1 }));
    const scope = fc
      .array(parameter, { maxLength: 3 })
      .map((all) => all.map(([name, values]) => `${name}=${values.join(',')}`).join('&'))
      .map((query) => `patient/Observation.rs${query === '' ? '' : `?${query}`}`);
    const denied = fc.subarray([...OBSERVATION], { minLength: 1, maxLength: OBSERVATION.length - 1 });
    fc.assert(
      fc.property(scope, denied, (text, without) => {
        for (const left of resourceScopes(removeDeniedScopes(many(text), without, types))) {
          const categories = parseGranularQuery(left.query).filter(({ name }) => name === 'category');
          const keysOf = categories.map(({ values }) => values.map((one) => findCategoryKey('Observation', one)));
          expect(keysOf.some((keys) => keys.every((key) => key !== undefined && !without.includes(key)))).toBe(true);
        }
      }),
    );
  });
  it('a DSTU2 category of Condition counts as its R4 category', () => {
    expect(
      narrowed('patient/Condition.rs?category=http://hl7.org/fhir/condition-category|diagnosis', [
        'Condition:encounter-diagnosis',
      ]),
    ).toBe('');
    expect(
      narrowed('patient/Condition.rs?category=http://argonaut.hl7.org|problem', ['Condition:problem-list-item']),
    ).toBe('');
  });
  it('lists a wildcard type by type', () => {
    const left = narrowed('openid patient/*.rs', [
      'Condition:encounter-diagnosis',
      'Condition:health-concern',
      'Encounter',
    ]).split(' ');
    expect(left.filter((scope) => scope.includes('Condition'))).toEqual(
      PROBLEMS.map((query) => `patient/Condition.rs?${query}`),
    );
    expect(left.filter((scope) => !scope.includes('Condition'))).toEqual([
      'openid',
      ...but(types.names, 'Condition', 'Encounter').map((type) => `patient/${type}.rs`),
    ]);
  });
  it('uses v2 once categories were narrowed, and retains v1 if whole types were denied', () => {
    const left = narrowed('openid patient/*.read user/Patient.read', ['Observation:laboratory']);
    expect(left).toContain('patient/Patient.rs');
    expect(left).toContain('user/Patient.rs');
    expect(left).not.toContain('.read');
    expect(narrowed('patient/Patient.read patient/Observation.read', OBSERVATION)).toBe('patient/Patient.read');
    expect(narrowed('patient/Patient.read patient/Observation.read', ['Observation'])).toBe('patient/Patient.read');
    expect(narrowed('patient/Patient.read patient/Immunization.read', ['Observation:laboratory'])).toBe(
      'patient/Patient.read patient/Immunization.read',
    );
  });
  it('retains a wildcard if nothing that is served is denied', () => {
    expect(narrowed('patient/*.read', ['Account', 'Nothing:at-all'])).toBe('patient/*.read');
  });

  const codings = Object.fromEntries(
    Object.entries(RESOURCE_CATEGORIES).map(([type, parts]) => [
      type,
      Object.entries(parts).flatMap(([name, { codings: own }]) =>
        own.map((coding) => ({ coding, key: `${type}:${name}` })),
      ),
    ]),
  );
  const datum = fc.constantFrom('Condition', 'Observation', 'Immunization').chain((type) =>
    fc.record({
      type: fc.constant(type),
      categories: fc.subarray(codings[type] ?? []),
      code: fc.constantFrom('x', 'y'),
    }),
  );
  type Datum = { type: string; categories: readonly { coding: string; key: string }[]; code: string };
  const sees = (scopes: readonly Scope[], { type, categories, code }: Datum) =>
    resourceScopes(scopes).some(
      (scope) =>
        (scope.type === '*' || scope.type === type) &&
        parseGranularQuery(scope.query).every(({ name, values }) =>
          name === 'code' ? values.includes(code) : categories.some(({ coding }) => values.includes(coding)),
        ),
    );
  const every = [...CONDITION, ...OBSERVATION, 'Condition', 'Observation', 'Immunization'];
  const denials = fc.subarray(every);
  const requested = fc
    .subarray(
      [
        'patient/*.read',
        'patient/Observation.rs',
        'patient/Condition.rs',
        'patient/Immunization.rs',
        'patient/Observation.rs?code=x',
        `patient/Observation.rs?${LAB}`,
        `patient/Observation.rs?${SDOH},${VITALS.slice(9)}&code=x`,
        `patient/Condition.rs?${CONCERNS}`,
      ],
      { minLength: 1 },
    )
    .map((scopes) => many(scopes.join(' ')));

  it('entries only in denied categories are never visible, and other entries stay as they were', () => {
    fc.assert(
      fc.property(requested, denials, datum, (scopes, denied, one) => {
        const after = sees(removeDeniedScopes(scopes, denied, types), one);
        const removed =
          denied.includes(one.type) ||
          (one.categories.length > 0 && one.categories.every(({ key }) => denied.includes(key)));
        if (removed) return !after;
        const untouched = !categoryKeys(one.type).some((key) => denied.includes(key));
        return untouched ? after === sees(scopes, one) : !after || sees(scopes, one);
      }),
      { numRuns: 1000 },
    );
  });
  it('of a whole type, every entry in an allowed category is visible', () => {
    fc.assert(
      fc.property(denials, datum, (denied, one) => {
        const allowed = !denied.includes(one.type) && one.categories.some(({ key }) => !denied.includes(key));
        return !allowed || sees(removeDeniedScopes(many('patient/*.rs'), denied, types), one);
      }),
      { numRuns: 1000 },
    );
  });
  it('never adds, is idempotent, and does not depend on the order', () => {
    fc.assert(
      fc.property(requested, denials, denials, datum, (scopes, first, second, one) => {
        const once = removeDeniedScopes(scopes, first, types);
        expect(coversAll(scopes, once)).toBe(true);
        expect(printScopes(removeDeniedScopes(once, first, types))).toBe(printScopes(once));
        const both = removeDeniedScopes(scopes, [...first, ...second], types);
        return sees(removeDeniedScopes(once, second, types), one) === sees(both, one);
      }),
      { numRuns: 300 },
    );
  });
});

describe('the consent decision', () => {
  it('changes nothing when everything is allowed', () => {
    const scope = 'openid offline_access patient/*.read';
    expect(decided(scope, keys(scope))?.scopes).toBe(scope);
  });
  it('denies categories by name, and counts their type as decided once one of them is allowed', () => {
    const { scopes, denied, decidedKeys } =
      decided('patient/Condition.read patient/Patient.read', ['Condition:health-concern']) ?? {};
    expect(scopes).toBe(`patient/Condition.rs?${CONCERNS} patient/Patient.rs`);
    expect(denied).toEqual(but(CONDITION, 'Condition:health-concern'));
    expect([...(decidedKeys ?? [])].sort()).toEqual(['Condition', ...CONDITION, 'Patient'].sort());
  });
  it('denies a type if all its categories are denied', () => {
    const { scopes, denied } = decided('patient/Condition.read patient/Patient.read', []) ?? {};
    expect(scopes).toBe('patient/Patient.read');
    expect(denied).toEqual([...CONDITION, 'Condition']);
  });
  it('leaves unchanged what had no item', () => {
    expect(decided(`patient/Observation.rs?${LAB} patient/Patient.rs`, [])).toEqual({
      scopes: 'patient/Patient.rs',
      decidedKeys: ['Patient', 'Observation:laboratory'],
      denied: ['Observation:laboratory'],
    });
    expect(decided(`patient/Observation.rs?${LAB}`, ['Observation:laboratory'])?.decidedKeys).toEqual([
      'Observation:laboratory',
      'Observation',
    ]);
  });
  it('for part of a type also decides about categories without an item', () => {
    const scope = `patient/Observation.rs?${LAB} patient/Observation.rs?code=x`;
    const onlyLab = decided(scope, ['Observation:laboratory']);
    expect(onlyLab?.denied).toEqual(but(OBSERVATION, 'Observation:laboratory'));
    expect(onlyLab?.scopes).toBe(`patient/Observation.rs?${LAB} patient/Observation.rs?${LAB}&code=x`);
    const onlySome = decided(scope, ['Observation']);
    expect(onlySome?.denied).toEqual(['Observation:laboratory']);
    expect(onlySome?.scopes).not.toContain('laboratory');
    expect(decided('patient/Observation.rs?code=x patient/Patient.rs', [])).toMatchObject({
      scopes: 'patient/Patient.rs',
      denied: [...OBSERVATION, 'Observation'],
    });
  });
  it('never adds: forged keys change nothing', () => {
    const scope = `patient/Observation.rs?${LAB}`;
    expect(decided(scope, ['Observation', 'Condition', '*', 'constructor', ...OBSERVATION])).toEqual(
      decided(scope, ['Observation:laboratory']),
    );
    expect(decided(scope, ['Observation', 'Observation:vital-signs', 'Patient'])).toBeUndefined();
  });
  it('is undefined if no data remain', () => {
    expect(decided('patient/Condition.rs patient/Practitioner.rs', [])).toBeUndefined();
    expect(decided('openid', [])?.scopes).toBe('openid');
    expect(decided('patient/Provenance.rs', [])?.scopes).toBe('patient/Provenance.rs');
  });
  it('includes offline_access only by its own box', () => {
    const consented = applyConsentSelection(
      offerOf('offline_access patient/Patient.rs', { types }),
      { allowed: [], offline: false },
      types,
    );
    expect(printScopes(consented?.scopes ?? [])).toBe('patient/Patient.rs');
  });

  it('never exceeds the request, whatever the form contains, and is idempotent', () => {
    const scopes = fc.subarray([
      'patient/*.read',
      'patient/Observation.rs',
      'patient/Condition.r',
      `patient/Observation.rs?${LAB}`,
      'patient/Observation.s?code=x',
      'patient/Patient.rs',
      'openid',
      'offline_access',
    ]);
    const every = ['Patient', ...CONDITION, ...OBSERVATION, 'Condition', 'Observation', 'Immunization', '*'];
    fc.assert(
      fc.property(scopes, fc.subarray(every), fc.boolean(), (requested, allowed, offline) => {
        const before = many(requested.join(' '));
        const consented = applyConsentSelection(offerOf(requested.join(' '), { types }), { allowed, offline }, types);
        if (consented === undefined) return;
        expect(coversAll(before, consented.scopes)).toBe(true);
        expect(consented.denied.every((key) => consented.decidedKeys.includes(key))).toBe(true);
        const again = removeDeniedScopes(consented.scopes, consented.denied, types);
        expect(printScopes(again)).toBe(printScopes(consented.scopes));
      }),
      { numRuns: 500 },
    );
  });
});

describe('the access duration', () => {
  const now = new Date('2026-01-31T10:00:00Z');
  it('is offered from one day to one year, and by default has no end', () => {
    expect(
      listDurationOptions('en', undefined).map(({ value, label }) => [
        label,
        parseDurationEnd(value, now)?.toISOString(),
      ]),
    ).toEqual([
      ['Until I stop it', undefined],
      ['One day', '2026-02-01T10:00:00.000Z'],
      ['30 days', '2026-03-02T10:00:00.000Z'],
      ['90 days', '2026-05-01T10:00:00.000Z'],
      ['One year', '2027-01-31T10:00:00.000Z'],
    ]);
    expect(parseDurationEnd('', now)).toBeNull();
  });
  it('starts as it was last chosen if that is still available', () => {
    const start = (last?: string) =>
      listDurationOptions('en', last).flatMap(({ value, selected }) => (selected ? [value] : []));
    expect([undefined, 'P90D', '', 'P1000Y'].map(start)).toEqual([[''], ['P90D'], [''], ['']]);
  });
  it.each(['P1000Y', 'constructor', '30', ' '])('rejects %s', (value) => {
    expect(parseDurationEnd(value, now)).toBeUndefined();
  });
});
