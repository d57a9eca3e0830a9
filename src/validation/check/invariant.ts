import fhirpath, { type Model, type OptionVariants } from 'fhirpath';
import type { Constraint } from '../profile/profile.ts';
import type { Invariants } from './context.ts';
import { IN_CODE } from './in-code.ts';
import { isObject } from './values.ts';

type Compiled = (value: unknown, environment: Record<string, unknown>) => unknown[];

/** Each expression is compiled once. @param model of the version of FHIR: what `fhirpath/fhir-context/r4` exports */
export function invariantsOf(model: Model): Invariants {
  const compiled = new Map<Constraint, Map<string, Compiled | undefined>>();
  const compiledAt = (constraint: Constraint, path: string): Compiled | undefined => {
    const known = compiled.get(constraint) ?? new Map<string, Compiled | undefined>();
    if (known.size === 0) compiled.set(constraint, known);
    if (!known.has(path)) known.set(path, compile(constraint.expression, path, model));
    return known.get(path);
  };
  return {
    holds(constraint, path, value, { resource, root }) {
      const inCode = IN_CODE.get(constraint.expression);
      if (inCode !== undefined && isObject(value)) return inCode(value, root);
      try {
        const result = compiledAt(constraint, path)?.(value, { resource, rootResource: root, context: value });
        return result === undefined ? undefined : isTrue(result);
      } catch {
        return undefined;
      }
    },
  };
}

function compile(expression: string, base: string, model: Model): Compiled | undefined {
  try {
    return fhirpath.compile({ base, expression: writable(expression) }, model, {
      userInvocationTable: OWN,
      traceFn: () => {},
    }) as Compiled;
  } catch {
    return undefined;
  }
}

/**
 * `as` is written on collections, for which FHIRPath has `ofType`; and `is Boolean`, `is DateTime` of what is FHIR's boolean
 * and dateTime (que-7, us-core-1 of US Core 6.1): HL7's own validator makes no difference.
 */
const writable = (expression: string): string =>
  expression
    .replaceAll(/\.as\(([\w.]+)\)/g, '.ofType($1)')
    .replaceAll(/\bas\(([\w.]+)\)/g, 'ofType($1)')
    .replaceAll(
      /\bis (Boolean|DateTime)\b/g,
      (_written, type: string) => `is ${type[0]?.toLowerCase()}${type.slice(1)}`,
    );

/** An invariant is about something, so empty is true enough: FHIRPath §5.1, singletons apart. */
const isTrue = (result: readonly unknown[]): boolean => result.length === 0 || result.every((one) => one !== false);

/** Nothing is looked up: what a reference leads to is as good as not there, and what is asked of it holds. */
const OWN: NonNullable<OptionVariants['userInvocationTable']> = {
  resolve: { fn: () => [], arity: { 0: [] } },
  memberOf: { fn: () => [], arity: { 1: ['String'] } },
  conformsTo: { fn: () => [], arity: { 1: ['String'] } },
  htmlChecks: { fn: () => [true], arity: { 0: [] } },
};
