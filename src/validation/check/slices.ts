import { isObject } from '../../kernel/index.ts';
import { type FhirDefinitions, findRule } from '../definitions/fhir-definitions.ts';
import type { ElementRule, SliceDiscriminator } from '../definitions/profile-rules.ts';
import { hasCode } from '../terminology/value-sets.ts';
import { type ElementValue, readValues } from './element-values.ts';
import { equalsFixed, matchesPattern } from './fixed-and-pattern.ts';

/**
 * Assigns each value to a slice of its element (FHIR R4 §5.1.0.14). The slice is undefined for a value that matches
 * none.
 */
export function assignSlices(
  rule: ElementRule,
  values: readonly ElementValue[],
  definitions: FhirDefinitions,
): readonly (string | undefined)[] {
  const { slicing, slices = {} } = rule;
  // Slices of a slice are left out (reslicing), because their discriminators are not known at this level.
  const names = Object.keys(slices).filter((name) => !name.includes('/'));
  const by = slicing?.by ?? [];
  return values.map((value) =>
    names.find((name) => {
      const slice = slices[name];
      return (
        slice !== undefined && by.length > 0 && by.every((one) => matchesDiscriminator(one, slice, value, definitions))
      );
    }),
  );
}

function matchesDiscriminator(
  { type, path }: SliceDiscriminator,
  slice: ElementRule,
  value: ElementValue,
  definitions: FhirDefinitions,
): boolean {
  const found = path === '$this' ? [value] : findValues(value, path);
  if (type === 'type') return matchesType(slice, found, path, definitions);
  const rules = findRules([slice], path, definitions);
  if (type === 'exists') {
    const isRequired = rules.some(({ min = 0 }) => min > 0);
    return isRequired === found.length > 0;
  }
  // The discriminator `profile` is checked only by type, which is enough to tell the slices apart. The rule of the
  // slice checks conformance to the profile later.
  if (type === 'profile') return matchesType(slice, found, path, definitions);
  return rules.length > 0 && rules.every((rule) => found.some((one) => matchesRule(rule, one, definitions)));
}

function matchesType(
  slice: ElementRule,
  found: readonly ElementValue[],
  path: string,
  definitions: FhirDefinitions,
): boolean {
  const types = findRules([slice], path, definitions).flatMap((rule) => rule.types ?? []);
  return found.some(({ type, value }) =>
    types.some(({ code, targets = [] }) =>
      type === undefined
        ? isObject(value) &&
          (value['resourceType'] === code || targets.length > 0 || value['resourceType'] === undefined)
        : type === code.charAt(0).toUpperCase() + code.slice(1),
    ),
  );
}

function matchesRule(rule: ElementRule, { value, path }: ElementValue, definitions: FhirDefinitions): boolean {
  if (rule.fixed !== undefined) return equalsFixed(value, rule.fixed);
  if (rule.pattern !== undefined) return matchesPattern(value, rule.pattern);
  if (rule.binding !== undefined) return matchesBinding(rule.binding, value, definitions);
  const constrained = Object.entries(rule.children ?? {}).filter(([, child]) => hasConstraint(child));
  if (constrained.length === 0 || !isObject(value)) return constrained.length === 0 && value !== undefined;
  return constrained.every(([name, child]) =>
    readValues(value, name, path).all.some((one) => matchesRule(child, one, definitions)),
  );
}

const hasConstraint = ({ fixed, pattern, binding, children = {} }: ElementRule): boolean =>
  fixed !== undefined || pattern !== undefined || binding !== undefined || Object.values(children).some(hasConstraint);

function matchesBinding(binding: string, value: unknown, { valueSets }: FhirDefinitions): boolean {
  const codes = valueSets.getCodes(binding);
  if (codes === undefined) return true;
  if (typeof value === 'string') return hasCode(codes, undefined, value);
  if (!isObject(value)) return false;
  const codings = Array.isArray(value['coding']) ? value['coding'] : [value];
  return codings.filter(isObject).some(({ system, code }) => hasCode(codes, String(system ?? ''), String(code)));
}

/** Returns the values at a discriminator path such as `coding.code`, `extension('http://…').value` or `resolve()`. */
function findValues(value: ElementValue, path: string): readonly ElementValue[] {
  return pathSteps(path).reduce<readonly ElementValue[]>(
    (found, step) => {
      if (step === 'resolve()' || step === '$this') return found;
      const url = extensionUrl(step);
      const inner = found.flatMap((one) => childValues(one, url === undefined ? step : 'extension'));
      return url === undefined ? inner : inner.filter((one) => isObject(one.value) && one.value['url'] === url);
    },
    [value],
  );
}

function childValues({ value, primitiveExtension, path }: ElementValue, name: string): readonly ElementValue[] {
  const parent = isObject(value) ? value : primitiveExtension;
  if (parent === undefined) return [];
  const plain = readValues(parent, name, path).all;
  return plain.length > 0 ? plain : readValues(parent, `${name}[x]`, path).all;
}

/**
 * Returns the rules for a discriminator path of a slice. They come from the slice itself or from the profile of its
 * datatype.
 */
function findRules(rules: readonly ElementRule[], path: string, definitions: FhirDefinitions): readonly ElementRule[] {
  if (path === '$this') return rules;
  return pathSteps(path).reduce<readonly ElementRule[]>((found, step) => {
    if (step === 'resolve()' || step === '$this') return found;
    const name = extensionUrl(step) === undefined ? step : 'extension';
    const childRules = found
      .flatMap((rule) => applicableRules(rule, definitions))
      .flatMap((rule) => {
        const child = rule.children?.[name] ?? rule.children?.[`${name}[x]`];
        return child === undefined ? [] : [child];
      });
    return childRules;
  }, rules);
}

function applicableRules(rule: ElementRule, definitions: FhirDefinitions): readonly ElementRule[] {
  const profiles = (rule.types ?? []).flatMap(({ profiles: own = [] }) => own);
  const known = profiles.flatMap((url) => definitions.profile(url)?.rule ?? [extensionRule(url)]);
  const like = rule.like === undefined ? undefined : findRule(definitions, rule.like);
  return [rule, ...known, ...(like === undefined ? [] : [like])];
}

/** Returns the rule of an extension whose definition is unknown: its URL is a fixed value. */
const extensionRule = (url: string): ElementRule => ({ children: { url: { fixed: url } } });

const pathSteps = (path: string): readonly string[] => path.match(/extension\('[^']*'\)|[^.]+(\(\))?/g) ?? [];
const extensionUrl = (step: string): string | undefined => /^extension\('([^']*)'\)$/.exec(step)?.[1];
