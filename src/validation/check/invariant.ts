import fhirpath, { type Model, type OptionVariants } from 'fhirpath';
import type { Invariants } from './context.ts';

type Compiled = (value: unknown, environment: Record<string, unknown>) => unknown[];

/** Each expression is compiled once. @param model of the version of FHIR: what `fhirpath/fhir-context/r4` exports */
export function invariantsOf(model: Model): Invariants {
  const compiled = new Map<string, Compiled | undefined>();
  return {
    holds({ expression }, path, value, { resource, root }) {
      const key = `${path} ${expression}`;
      if (!compiled.has(key)) compiled.set(key, compile(expression, path, model));
      try {
        const result = compiled.get(key)?.(value, { resource, rootResource: root, context: value });
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

/** `as` is written on collections, for which FHIRPath has `ofType`. */
const writable = (expression: string): string =>
  expression.replaceAll(/\.as\(([\w.]+)\)/g, '.ofType($1)').replaceAll(/\bas\(([\w.]+)\)/g, 'ofType($1)');

/** An invariant is about something, so empty is true enough: FHIRPath §5.1, singletons apart. */
const isTrue = (result: readonly unknown[]): boolean => result.length === 0 || result.every((one) => one !== false);

/** Nothing is looked up: what a reference leads to is as good as not there, and what is asked of it holds. */
const OWN: NonNullable<OptionVariants['userInvocationTable']> = {
  resolve: { fn: () => [], arity: { 0: [] } },
  memberOf: { fn: () => [], arity: { 1: ['String'] } },
  conformsTo: { fn: () => [], arity: { 1: ['String'] } },
  htmlChecks: { fn: () => [true], arity: { 0: [] } },
};
