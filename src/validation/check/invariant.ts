import fhirpath, { type Model, type OptionVariants } from 'fhirpath';
import { isObject } from '../../kernel/index.ts';
import type { InvariantConstraint } from '../definitions/profile-rules.ts';
import { CODED_INVARIANTS } from './coded-invariants.ts';
import type { InvariantEvaluator } from './validation-context.ts';

type CompiledExpression = (value: unknown, environment: Record<string, unknown>) => unknown[];

/**
 * Creates the evaluator of invariants. It compiles each expression once.
 * @param model FHIR version model, as exported by `fhirpath/fhir-context/r4`
 */
export function createInvariantEvaluator(model: Model): InvariantEvaluator {
  const compiled = new Map<InvariantConstraint, Map<string, CompiledExpression | undefined>>();
  const compiledAt = (constraint: InvariantConstraint, path: string): CompiledExpression | undefined => {
    const known = compiled.get(constraint) ?? new Map<string, CompiledExpression | undefined>();
    if (known.size === 0) compiled.set(constraint, known);
    if (!known.has(path)) known.set(path, compile(constraint.expression, path, model));
    return known.get(path);
  };
  return {
    holds(constraint, path, value, { resource, rootResource }) {
      const inCode = CODED_INVARIANTS.get(constraint.expression);
      if (inCode !== undefined && isObject(value)) return inCode(value, rootResource);
      try {
        const result = compiledAt(constraint, path)?.(value, { resource, rootResource, context: value });
        return result === undefined ? undefined : isSatisfied(result);
      } catch {
        return undefined;
      }
    },
  };
}

function compile(expression: string, base: string, model: Model): CompiledExpression | undefined {
  try {
    return fhirpath.compile({ base, expression: toValidFhirPath(expression) }, model, {
      userInvocationTable: STUBBED_FUNCTIONS,
      traceFn: () => {},
    }) as CompiledExpression;
  } catch {
    return undefined;
  }
}

/**
 * Turns the expressions of published definitions into valid FHIRPath. The expressions use `as` on collections, where
 * FHIRPath has `ofType`, and `is Boolean` and `is DateTime` for FHIR's boolean and dateTime (que-7, us-core-1 of US
 * Core 6.1). HL7's own validator accepts both.
 */
const toValidFhirPath = (expression: string): string =>
  expression
    .replaceAll(/\.as\(([\w.]+)\)/g, '.ofType($1)')
    .replaceAll(/\bas\(([\w.]+)\)/g, 'ofType($1)')
    .replaceAll(
      /\bis (Boolean|DateTime)\b/g,
      (_written, type: string) => `is ${type[0]?.toLowerCase()}${type.slice(1)}`,
    );

/**
 * Whether a result satisfies its invariant: it is empty or contains no `false` (FHIRPath §5.1). FHIRPath's evaluation
 * of singletons is not applied, so a result with several values isn't an error.
 */
const isSatisfied = (result: readonly unknown[]): boolean =>
  result.length === 0 || result.every((one) => one !== false);

/**
 * Replacements for FHIRPath functions that need other resources, value sets or profiles. They return nothing, so
 * invariants about their result are satisfied. `htmlChecks` always returns true, because `check/structure.ts` checks
 * narratives.
 */
const STUBBED_FUNCTIONS: NonNullable<OptionVariants['userInvocationTable']> = {
  resolve: { fn: () => [], arity: { 0: [] } },
  memberOf: { fn: () => [], arity: { 1: ['String'] } },
  conformsTo: { fn: () => [], arity: { 1: ['String'] } },
  htmlChecks: { fn: () => [true], arity: { 0: [] } },
};
