import { describe, expect, it } from 'vitest';
import { CONVERSIONS } from '../../../../src/fhir/dstu2/convert/conversions.ts';
import type { Resource } from '../../../../src/fhir/model/fhir-version.ts';
import type { ElementRule } from '../../../../src/validation/definitions/profile-rules.ts';
import codes from '../../../../src/validation/generated/r4-codes.json' with { type: 'json' };
import profiles from '../../../../src/validation/generated/r4-profiles.json' with { type: 'json' };
import { createDstu2Validator } from '../../../../src/validation/index.ts';
import { withData } from '../../../support/fhir/published-data.ts';
import { SHARED_DATA } from '../../../support/fhir/shared-data.ts';
import { createChecker, dstu2Definitions } from '../definitions/validator.ts';
import { hidingRule, type Node, visibleVariants } from '../fixtures/convert.ts';
import { FULL } from '../fixtures/full-resources.ts';

const PROFILES = new Map(profiles.map((one) => [one.url, one]));
const typed = (name: string) => PROFILES.get(`http://hl7.org/fhir/StructureDefinition/${name}`);

/** An element with a required binding in R4. */
interface Bound {
  readonly path: readonly string[];
  readonly type: string;
  readonly valueSet: string;
}

/**
 * Finds required bindings of a resource's elements and of its datatypes, as deep as the converter maps single codes.
 */
function boundIn(rule: ElementRule, path: readonly string[] = []): readonly Bound[] {
  return Object.entries(rule.children ?? {}).flatMap(([name, child]): readonly Bound[] => {
    if (['contained', 'meta', 'text', 'extension', 'modifierExtension', 'language'].includes(name)) return [];
    const here = [...path, name];
    const type = child.types?.[0]?.code ?? '';
    const { binding: valueSet } = child;
    const own = valueSet === undefined || codes[valueSet] === undefined ? [] : [{ path: here, type, valueSet }];
    const within = child.children === undefined && /^[A-Z]/.test(type) && here.length < 3 ? typed(type)?.rule : child;
    return [...own, ...(within === undefined || name.endsWith('[x]') ? [] : boundIn(within, here))];
  });
}

/** Returns a copy with another code at a path, wherever it occurs; undefined if it doesn't occur. */
function withCode(node: unknown, [name, ...rest]: readonly string[], code: unknown): unknown {
  if (Array.isArray(node)) {
    const made = node.map((one) => withCode(one, name === undefined ? [] : [name, ...rest], code));
    return made.every((one) => one === undefined) ? undefined : made.map((one, at) => one ?? node[at]);
  }
  if (name === undefined) return node === undefined ? undefined : code;
  if (typeof node !== 'object' || node === null || !(name in node)) return undefined;
  const inner = withCode((node as Node)[name], rest, code);
  return inner === undefined ? undefined : { ...node, [name]: inner };
}

const written = (type: string, system: string, code: string): unknown =>
  type === 'CodeableConcept' ? { coding: [{ system, code }] } : type === 'Coding' ? { system, code } : code;

/** All types except PractitionerRole, which is converted as a part of its Practitioner. */
const TYPES = Object.keys(FULL).filter((type) => CONVERSIONS.has(type));

const CASES = TYPES.flatMap((type) =>
  boundIn(typed(type)?.rule ?? {}).flatMap(({ path, type: of, valueSet }) => {
    const all = Object.entries(codes[valueSet] ?? {}).flatMap(([system, own]) =>
      own.flatMap((code) => (FULL[type] ?? []).flatMap((one) => withCode(one, path, written(of, system, code)) ?? [])),
    );
    return all.length === 0 ? [] : [[`${type}.${path.join('.')}`, all as unknown as readonly Resource[]] as const];
  }),
);

describe.runIf(SHARED_DATA)(withData('every code in a required binding of R4'), () => {
  const problemsOf = SHARED_DATA === undefined ? () => [] : createChecker(createDstu2Validator(dstu2Definitions()));

  it.each(CASES)('of %s is mapped to a DSTU2 code, left out, or hides the resource by a named rule', (_, all) => {
    for (const one of all) {
      const made = visibleVariants(one);
      const problems = made.flatMap((form) => problemsOf(JSON.parse(JSON.stringify(form)))).filter(isProblem);
      expect(problems, JSON.stringify(one)).toEqual([]);
      if (made.length === 0) expect(hidingRule(one)).toMatch(/^[a-z-]+$/);
    }
  });

  it('is in every status of every type', () => {
    const statuses = CASES.filter(([name]) => /^\w+\.(status|lifecycleStatus|clinicalStatus)$/.test(name));
    expect(statuses.map(([name]) => name.split('.')[0]).toSorted()).toEqual(
      TYPES.filter((type) =>
        ['status', 'lifecycleStatus', 'clinicalStatus'].some((name) => typed(type)?.rule.children?.[name]?.binding),
      ).toSorted(),
    );
    expect(CASES.reduce((sum, [, all]) => sum + all.length, 0)).toBeGreaterThan(1000);
  });
});

/** The DSTU2 validator reports each US Core profile as unknown. That isn't a problem of the conversion. */
const isProblem = (text: string): boolean => !text.includes('Unknown profile');
