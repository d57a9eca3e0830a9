import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { dstu2 } from '../../../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import { printJson } from '../../../../src/fhir/model/json.ts';
import { toXml } from '../../../../src/fhir/model/xml/to-xml.ts';
import { dataFiles, withData } from '../../../support/fhir/published-data.ts';
import { sandboxData } from '../../../support/fhir/sandbox.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { DEEP, slice } from '../../../support/runs/slice.ts';
import { visibleVariants } from '../fixtures/convert.ts';
import { FULL } from '../fixtures/full-resources.ts';
import { publicResources } from '../fixtures/public-data.ts';
import { type InvariantViolation, invariantChecker } from './invariants/evaluate.ts';
import { INVALID_RESOURCES } from './invariants/invalid-resources.ts';
import { REPLACED_EXPRESSIONS, xpathOf } from './invariants/replaced-expressions.ts';
import { readElementRules } from './invariants/structures.ts';
import { R4_ONLY_CASES } from './r4-only-cases.ts';

/** Known errors in the specification's own examples or in its published expressions. */
const WRONG_AS_PUBLISHED: readonly (readonly [key: string, path: RegExp, files: RegExp | number, why: string])[] = [
  [
    'age-1',
    /\.onsetQuantity$/,
    /^(condition-example-f202-malignancy|familymemberhistory-example(-mother)?)\.json$/,
    'a unit without a code',
  ],
  [
    'drt-1',
    /\.(length|expectedSupplyDuration)$/,
    /^(encounter-example-f202-20130128|medicationorder-example-f001-combivent)\.json$/,
    'a unit without a code',
  ],
  ['dom-3', /^QuestionnaireResponse$/, /^questionnaireresponse-example\.json$/, 'nothing refers to what is contained'],
  ['que-2', /^Questionnaire$/, /^lipidprofile-questionnaire\.json$/, 'a linkId twice'],
  ['que-3', /^Questionnaire$/, 92, 'the first group is not said to be required'],
  ['eld-12', /\.valueSetReference$/, 35, 'it looks for a URI in what may be a Reference'],
  [
    'inv-1',
    /\.?Parameters\.parameter$/,
    /^(bundle-(response|transaction)|parameters-example)\.json$/,
    'it looks for `value`, where values have their types in their names',
  ],
  [
    'ras-2',
    /\.probabilityCodeableConcept$/,
    /^riskassessment-example-prognosis\.json$/,
    'it looks for a number in what may be a concept',
  ],
];

const SOURCES: readonly (readonly [name: string, resources: () => readonly Resource[], least: number])[] = [
  ['resources with every element', () => Object.values(FULL).flat(), 70],
  ['what R4 allows and they do not', () => R4_ONLY_CASES.map(({ resource }) => resource), 13],
  ['the generated sandbox', sandbox, 12_000],
  ['patients of the US Core reference server', () => published('patients of the US Core'), 780],
  ['examples of US Core', () => published('examples of US Core'), 300],
];
function sandbox(): readonly Resource[] {
  const { patients, directory } = sandboxData();
  return [...directory, ...patients.flatMap((person) => person.resources)] as readonly Resource[];
}
const published = (name: string): readonly Resource[] =>
  publicResources().find(([source]) => source.startsWith(name))?.[1]() ?? [];

/** The XPath invariants of DSTU2 (ElementDefinition.constraint.xpath), for its own types and Argonaut's profiles. */
describe.runIf(SHARED_DATA)(withData("DSTU2's invariants, in XPath"), () => {
  let brokenIn: (xml: readonly string[]) => readonly InvariantViolation[];
  beforeAll(() => {
    brokenIn = invariantChecker(readElementRules(), xpathOf);
  });
  const xmlOf = (resource: unknown) => toXml(printJson(resource as Resource), dstu2.elements);

  /** Evaluates a hundred documents at a time, because XPath is faster on many elements at once. */
  function* brokenAmong(xml: readonly string[]): Generator<readonly [InvariantViolation, index: number]> {
    for (let at = 0; at < xml.length; at += 100)
      for (const one of brokenIn(xml.slice(at, at + 100))) yield [one, at + one.document];
  }

  it('hold in the 1,164 examples of the specification, except for known errors', { timeout: 120_000 }, () => {
    const all = dataFiles('dstu2-spec-examples/json', '.json');
    expect(all).toHaveLength(1164);
    const files = slice(all, {
      kinds: (file) => [path.basename(file).split(/[-.(]/)[0] ?? ''],
      always: (file) => WRONG_AS_PUBLISHED.some(([, , its]) => its instanceof RegExp && its.test(path.basename(file))),
    });
    const xml = files.map((file) => toXml(readFileSync(file, 'utf8'), dstu2.elements));
    const found = [...brokenAmong(xml)].map(([one, at]) => ({ ...one, file: path.basename(files[at] ?? '') }));
    const isKnown = (one: (typeof found)[number]) =>
      WRONG_AS_PUBLISHED.some(
        ([key, where, files]) =>
          key === one.key && where.test(one.path) && (typeof files === 'number' || files.test(one.file)),
      );
    expect(found.filter((one) => !isKnown(one))).toEqual([]);
    for (const [key, where, files] of WRONG_AS_PUBLISHED) {
      const its = new Set(found.filter((one) => one.key === key && where.test(one.path)).map(({ file }) => file));
      if (typeof files === 'number' && DEEP) expect(its.size, key).toBe(files);
      else expect(its.size, key).toBeGreaterThan(0);
    }
  });

  it.each(SOURCES)('hold in %s, converted and written as XML', { timeout: 240_000 }, (_, resources, least) => {
    const all = resources();
    expect(all.length).toBeGreaterThanOrEqual(least);
    // The resources of the sandbox resemble each other more than published data do, so a smaller share is enough.
    const share = all.length > 10_000 ? 0.05 : 0.18;
    const some = all.length < 100 ? all : slice(all, { share, kinds: (one) => [one.resourceType] });
    const made = some.flatMap(visibleVariants);
    const broken = [...brokenAmong(made.map(xmlOf))]
      .filter(([{ severity }]) => severity === 'error')
      .map(([{ key, path: place, reason = '' }, at]) => `${made[at]?.['id']} ${place}: ${key} ${reason}`);
    expect(broken.slice(0, 20)).toEqual([]);
  });

  it.each(INVALID_RESOURCES.map(({ keys, ...rest }) => [keys[0], rest.description, keys, rest] as const))(
    '%s fails: %s',
    (_key, _what, keys, { valid, invalid }) => {
      expect(brokenIn([xmlOf(valid)])).toEqual([]);
      expect(
        brokenIn([xmlOf(invalid)])
          .map(({ key }) => key)
          .toSorted(),
      ).toEqual(keys.toSorted());
    },
  );

  it('are evaluated as published, except those that aren’t XPath or have no effect', () => {
    const published = new Set([...everyXpath()]);
    expect(Object.keys(REPLACED_EXPRESSIONS).filter((xpath) => !published.has(xpath))).toEqual([]);
    const left = Object.values(REPLACED_EXPRESSIONS).filter(({ as }) => as === undefined);
    expect(left.map(({ why }) => why)).toEqual([expect.stringMatching(/no XPath/)]);
    expect(published.size).toBeGreaterThan(150);
  });
});

function everyXpath(): readonly string[] {
  const found = new Set<string>();
  const seen = new Set<unknown>();
  const walk = (place: Parameters<Parameters<ReturnType<typeof readElementRules>['forEach']>[0]>[0]) => {
    if (seen.has(place)) return;
    seen.add(place);
    for (const { xpath } of place.constraints) found.add(xpath);
    for (const child of place.children.values()) walk(child);
  };
  for (const place of readElementRules().values()) walk(place);
  return [...found];
}
