import { hasCode } from '../codes.ts';
import { type Definitions, ruleAt } from '../definitions.ts';
import type { Discriminator, Rule } from '../profile/profile.ts';
import { fits, isSame } from './same.ts';
import { isObject, type Value, valuesOf } from './values.ts';

/** The slice of an element that each value is in; undefined: in none. FHIR R4 §5.1.0.14 */
export function slicesOf(
  rule: Rule,
  values: readonly Value[],
  definitions: Definitions,
): readonly (string | undefined)[] {
  const { slicing, slices = {} } = rule;
  // A slice of a slice is within that one's values, which it is told apart from by more than can be said here.
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
    const isWanted = rules.some(({ min = 0 }) => min > 0);
    return isWanted === found.length > 0;
  }
  // Conformance to a profile is looked at when the slice is: by type is as much as tells them apart.
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
  const said = Object.entries(rule.children ?? {}).filter(([, child]) => hasSaid(child));
  if (said.length === 0 || !isObject(value)) return said.length === 0 && value !== undefined;
  return said.every(([name, child]) =>
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

/** `coding.code`, `extension('http://…').value`, `resolve()`: where the path leads from a value. */
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

/** What a slice says at the path: in itself, or in the profile that its type names. */
function rulesAt(rules: readonly Rule[], path: string, definitions: Definitions): readonly Rule[] {
  if (path === '$this') return rules;
  return stepsOf(path).reduce<readonly Rule[]>((found, step) => {
    if (step === 'resolve()' || step === '$this') return found;
    const name = urlOf(step) === undefined ? step : 'extension';
    const said = found
      .flatMap((rule) => inside(rule, definitions))
      .flatMap((rule) => {
        const child = rule.children?.[name] ?? rule.children?.[`${name}[x]`];
        return child === undefined ? [] : [child];
      });
    return said;
  }, rules);
}

function inside(rule: Rule, definitions: Definitions): readonly Rule[] {
  const profiles = (rule.types ?? []).flatMap(({ profiles: own = [] }) => own);
  const known = profiles.flatMap((url) => definitions.profile(url)?.rule ?? [asExtension(url)]);
  const like = rule.like === undefined ? undefined : ruleAt(definitions, rule.like);
  return [rule, ...known, ...(like === undefined ? [] : [like])];
}

/** Of an extension that nobody has defined here one knows the URL all the same. */
const asExtension = (url: string): Rule => ({ children: { url: { fixed: url } } });

const stepsOf = (path: string): readonly string[] => path.match(/extension\('[^']*'\)|[^.]+(\(\))?/g) ?? [];
const urlOf = (step: string): string | undefined => /^extension\('([^']*)'\)$/.exec(step)?.[1];
