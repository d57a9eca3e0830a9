import { anyOf, type ElementPartTest, type RowCondition } from '../model/condition.ts';
import type { CompositeLocation, CompositePartKind, SearchParameter } from '../model/search-parameter.ts';
import { readIndexCondition, readReference, requireAtMost } from './index-condition.ts';
import type { SearchContext } from './search-context.ts';
import { parseQuantity } from './values/quantity-value.ts';
import { invalidSearch, parseToken, splitUnescaped } from './values/search-value.ts';

/** Maximum number of alternatives of a composite parameter. Each alternative needs several tests of each resource. */
const MAX_ALTERNATIVES = 30;

/**
 * Parses a composite parameter such as `code-value-quantity=8480-6$gt140`: one resource, or one repetition of an
 * element, must match both values. Each value has the syntax of a search parameter of its own (FHIR R4 search
 * §3.1.1.4.14).
 * @throws Problem 400
 */
export function readCompositeCondition(
  { name, locations }: Extract<SearchParameter, { kind: 'composite' }>,
  values: readonly string[],
  context: SearchContext,
): RowCondition {
  requireAtMost(name, values, MAX_ALTERNATIVES);
  const split = values.map((value) => splitCompositeValue(name, value));
  return anyOf(locations.map((one) => readCompositeLocation(name, one, split, context)));
}

function splitCompositeValue(name: string, value: string): readonly string[] {
  const parts = splitUnescaped(value, '$');
  if (parts.length !== 2 || parts.includes(''))
    throw invalidSearch(`The parameter ${name} expects two values separated by $. Write a $ within a value as \\$.`);
  return parts;
}

function readCompositeLocation(
  name: string,
  composed: CompositeLocation,
  values: readonly (readonly string[])[],
  context: SearchContext,
): RowCondition {
  if (composed.of === 'group') {
    const tests = values.map((parts) =>
      parts.map((text, at) => readElementPartTest(name, composed.kinds[at], text, context)),
    );
    return { kind: 'group', index: composed.index, values: tests };
  }
  const conditions = values.map(
    (parts): RowCondition => ({
      kind: 'all',
      of: composed.components.map((parameter, at) =>
        readIndexCondition(parameter, undefined, [parts[at] ?? ''], context),
      ),
    }),
  );
  return { kind: 'any', of: conditions };
}

function readElementPartTest(
  name: string,
  kind: CompositePartKind | undefined,
  text: string,
  context: SearchContext,
): ElementPartTest {
  if (kind === 'quantity') return { kind, value: parseQuantity(name, text) };
  if (kind === 'reference') return { kind, value: readReference(text, undefined, context) };
  return { kind: 'token', value: parseToken(name, text) };
}
