import { hasCode } from '../codes.ts';
import { type Definitions, ruleAt } from '../definitions.ts';
import type { Discriminator, Rule } from '../profile/profile.ts';
import { fits, isSame } from './same.ts';
import { isObject, type Value, valuesOf } from './values.ts';

/** Assigns each value to a slice of its element, or undefined if it matches none. FHIR R4 §5.1.0.14 */
export function slicesOf(
  rule: Rule,
  values: readonly Value[],
  definitions: Definitions,
): readonly (string | undefined)[] {
  const { slicing, slices = {} } = rule;
  // Reslicing: a slice of a slice is left out, because its own discriminators are not known at this level.
  const names = Object.keys(slices).filter((name) => !name.includes('/'));
  const by = slicing?.by ?? [];
  return values.map((value) =>
    names.find((name) => {
      const slice = slices[name];
      return slice !== undefined && by.length > 0 && by.every((one) => isTold(one, slice, value, definitions));
    }),
  );
}

function isTold({ type, path }: Discriminator, slice: Rule, value: Value, definitions: Definitions): boolean {
  const found = path === '$this' ? [value] : valuesAt(value, path);
  if (type === 'type') return isOfType(slice, found, path, definitions);
  const rules = rulesAt([slice], path, definitions);
  if (type === 'exists') {
    const isRequired = rules.some(({ min = 0 }) => min > 0);
    return isRequired === found.length > 0;
  }
  // Conformance to the profile is checked later with the slice's rule. The type is enough to tell the slices apart.
  if (type === 'profile') return isOfType(slice, found, path, definitions);
  return rules.length > 0 && rules.every((rule) => found.some((one) => isAsSaid(rule, one, definitions)));
}

function isOfType(slice: Rule, found: readonly Value[], path: string, definitions: Definitions): boolean {
  const types = rulesAt([slice], path, definitions).flatMap((rule) => rule.types ?? []);
  return found.some(({ type, value }) =>
    types.some(({ code, targets = [] }) =>
      type === undefined
        ? isObject(value) &&
          (value['resourceType'] === code || targets.length > 0 || value['resourceType'] === undefined)
        : type === code.charAt(0).toUpperCase() + code.slice(1),
    ),
  );
}

function isAsSaid(rule: Rule, { value, path }: Value, definitions: Definitions): boolean {
  if (rule.fixed !== undefined) return isSame(value, rule.fixed);
  if (rule.pattern !== undefined) return fits(value, rule.pattern);
  if (rule.binding !== undefined) return isBound(rule.binding, value, definitions);
  const constrained = Object.entries(rule.children ?? {}).filter(([, child]) => hasSaid(child));
  if (constrained.length === 0 || !isObject(value)) return constrained.length === 0 && value !== undefined;
  return constrained.every(([name, child]) =>
    valuesOf(value, name, path).all.some((one) => isAsSaid(child, one, definitions)),
  );
}

const hasSaid = ({ fixed, pattern, binding, children = {} }: Rule): boolean =>
  fixed !== undefined || pattern !== undefined || binding !== undefined || Object.values(children).some(hasSaid);

function isBound(binding: string, value: unknown, { valueSets }: Definitions): boolean {
  const codes = valueSets.codesOf(binding);
  if (codes === undefined) return true;
  if (typeof value === 'string') return hasCode(codes, undefined, value);
  if (!isObject(value)) return false;
  const codings = Array.isArray(value['coding']) ? value['coding'] : [value];
  return codings.filter(isObject).some(({ system, code }) => hasCode(codes, String(system ?? ''), String(code)));
}

/** Returns the values at a discriminator path such as `coding.code`, `extension('http://…').value` or `resolve()`. */
function valuesAt(value: Value, path: string): readonly Value[] {
  return stepsOf(path).reduce<readonly Value[]>(
    (found, step) => {
      if (step === 'resolve()' || step === '$this') return found;
      const url = urlOf(step);
      const inner = found.flatMap((one) => childrenOf(one, url === undefined ? step : 'extension'));
      return url === undefined ? inner : inner.filter((one) => isObject(one.value) && one.value['url'] === url);
    },
    [value],
  );
}

function childrenOf({ value, beside, path }: Value, name: string): readonly Value[] {
  const parent = isObject(value) ? value : beside;
  if (parent === undefined) return [];
  const plain = valuesOf(parent, name, path).all;
  return plain.length > 0 ? plain : valuesOf(parent, `${name}[x]`, path).all;
}

/** Returns the rules of a slice at a discriminator path, from the slice itself or the profile of its type. */
function rulesAt(rules: readonly Rule[], path: string, definitions: Definitions): readonly Rule[] {
  if (path === '$this') return rules;
  return stepsOf(path).reduce<readonly Rule[]>((found, step) => {
    if (step === 'resolve()' || step === '$this') return found;
    const name = urlOf(step) === undefined ? step : 'extension';
    const childRules = found
      .flatMap((rule) => inside(rule, definitions))
      .flatMap((rule) => {
        const child = rule.children?.[name] ?? rule.children?.[`${name}[x]`];
        return child === undefined ? [] : [child];
      });
    return childRules;
  }, rules);
}

function inside(rule: Rule, definitions: Definitions): readonly Rule[] {
  const profiles = (rule.types ?? []).flatMap(({ profiles: own = [] }) => own);
  const known = profiles.flatMap((url) => definitions.profile(url)?.rule ?? [asExtension(url)]);
  const like = rule.like === undefined ? undefined : ruleAt(definitions, rule.like);
  return [rule, ...known, ...(like === undefined ? [] : [like])];
}

/** An extension without a known definition still has its URL as a fixed value. */
const asExtension = (url: string): Rule => ({ children: { url: { fixed: url } } });

const stepsOf = (path: string): readonly string[] => path.match(/extension\('[^']*'\)|[^.]+(\(\))?/g) ?? [];
const urlOf = (step: string): string | undefined => /^extension\('([^']*)'\)$/.exec(step)?.[1];
