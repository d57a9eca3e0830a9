import { describe, expect, it } from 'vitest';
import { dstu2 } from '../../src/fhir/dstu2/index.ts';
import type { Resource } from '../../src/fhir/model/fhir-version.ts';
import { printJson } from '../../src/fhir/model/json.ts';
import { toXml } from '../../src/fhir/model/xml/to-xml.ts';
import { createR4Validator } from '../../src/validation/index.ts';
import { invariantChecker } from '../fhir/dstu2/definitions/invariants/evaluate.ts';
import { xpathOf } from '../fhir/dstu2/definitions/invariants/replaced-expressions.ts';
import { readElementRules } from '../fhir/dstu2/definitions/invariants/structures.ts';
import { type Node, visibleVariants } from '../fhir/dstu2/fixtures/convert.ts';
import { FULL } from '../fhir/dstu2/fixtures/full-resources.ts';
import { concept, TERMINOLOGY } from '../fhir/dstu2/fixtures/small-resources.ts';
import { withData } from '../support/fhir/published-data.ts';
import { SHARED_DATA } from '../support/fhir/shared-data.ts';

const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && !Array.isArray(value);
const without = (node: Node, name: string): Node =>
  Object.fromEntries(Object.entries(node).filter(([key]) => key !== name));

/** Variants of an element, at every depth: without one of its parts, or with a single part and an id. */
function* variationsOf(node: Node, isRoot: boolean): Generator<Node> {
  for (const [name, value] of Object.entries(node)) {
    if (name === 'resourceType') continue;
    yield without(node, name);
    if (!isRoot && node['resourceType'] === undefined && node['url'] === undefined) yield { id: 'x', [name]: value };
    for (const other of variedIn(value)) yield other === undefined ? without(node, name) : { ...node, [name]: other };
  }
}

function* variedIn(value: unknown): Generator<unknown> {
  if (isNode(value)) yield* variationsOf(value, false);
  if (!Array.isArray(value)) return;
  for (const [at, item] of value.entries()) {
    if (value.length > 1) yield value.toSpliced(at, 1);
    for (const other of variedIn(item)) yield value.with(at, other);
  }
}

/**
 * Removes what R4's own invariants don't allow: an offset without a base, invalid answers, and an active condition that
 * has abated.
 */
function repaired(one: Resource): Resource {
  const text = JSON.stringify(one)
    .replace(/,"offset":\d+/, '')
    .replace(/,"answer":\[\]/, '');
  const abated = one.resourceType === 'Condition' ? { clinicalStatus: INACTIVE } : {};
  return { ...JSON.parse(text), ...abated };
}
const INACTIVE = concept(`${TERMINOLOGY}/condition-clinical`, 'inactive');
/** Types that only DSTU2 has. R4 resources can't refer to them. */
const NOT_OF_R4 = ['Encounter', 'DiagnosticReport'];

describe.runIf(SHARED_DATA)(withData("DSTU2's invariants hold in variations of resources with every element"), () => {
  const brokenIn = SHARED_DATA === undefined ? () => [] : invariantChecker(readElementRules(), xpathOf);
  const validator = createR4Validator();
  const isValid = (resource: unknown) => validator.validate(resource).every(({ severity }) => severity !== 'error');

  it.each(Object.keys(FULL))('%s, as far as R4 allows them', { timeout: 600_000 }, (type) => {
    const full = (FULL[type] ?? []).map(repaired);
    expect(full.filter((one) => !isValid(one)).length).toBe(NOT_OF_R4.includes(type) ? 1 : 0);
    const varied = full.flatMap((one) => [...variationsOf(one, true)] as unknown as readonly Resource[]);
    const made = new Set(
      varied
        .filter(isValid)
        .flatMap(visibleVariants)
        .map((one) => printJson(one as Resource)),
    );
    const all = [...made];
    const broken: string[] = [];
    for (let at = 0; at < all.length; at += 100) {
      const page = all.slice(at, at + 100);
      for (const { key, path, document } of brokenIn(page.map((one) => toXml(one, dstu2.elements))))
        broken.push(`${path}: ${key} in ${page[document]}`);
    }
    expect(broken.slice(0, 5)).toEqual([]);
  });
});
