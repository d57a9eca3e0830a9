import { anyCondition, type Condition, type PartTest } from './condition.ts';
import { indexCriterion, referenceValue, requireFew } from './index-criterion.ts';
import { parseQuantity } from './quantity-value.ts';
import type { SearchContext } from './search-context.ts';
import type { Composed, PartKind, SearchParameter } from './search-parameter.ts';
import { invalid, parseToken, splitUnescaped } from './search-value.ts';

/** Maximum alternatives of a composite parameter. Each one needs several tests of each row. */
const MOST_COMPOSITES = 30;

/**
 * Reads `code-value-quantity=8480-6$gt140`: both values must match the same resource or the same element. Each part has the
 * syntax of a parameter of its own. FHIR R4 search §3.1.1.4.14
 * @throws Problem 400
 */
export function compositeCriterion(
  { name, composed }: Extract<SearchParameter, { kind: 'composite' }>,
  values: readonly string[],
  context: SearchContext,
): Condition {
  requireFew(name, values, MOST_COMPOSITES);
  const split = values.map((value) => partsOf(name, value));
  return anyCondition(composed.map((one) => composedCondition(name, one, split, context)));
}

function partsOf(name: string, value: string): readonly string[] {
  const parts = splitUnescaped(value, '$');
  if (parts.length !== 2 || parts.includes(''))
    throw invalid(`The parameter ${name} expects two values with $ between them. Write a $ within a value as \\$.`);
  return parts;
}

function composedCondition(
  name: string,
  composed: Composed,
  values: readonly (readonly string[])[],
  context: SearchContext,
): Condition {
  if (composed.of === 'group') {
    const tests = values.map((parts) => parts.map((text, at) => testOf(name, composed.kinds[at], text, context)));
    return { kind: 'group', index: composed.index, values: tests };
  }
  const conditions = values.map(
    (parts): Condition => ({
      kind: 'all',
      of: composed.parts.map((parameter, at) => indexCriterion(parameter, undefined, [parts[at] ?? ''], context)),
    }),
  );
  return { kind: 'any', of: conditions };
}

function testOf(name: string, kind: PartKind | undefined, text: string, context: SearchContext): PartTest {
  if (kind === 'quantity') return { kind, value: parseQuantity(name, text) };
  if (kind === 'reference') return { kind, value: referenceValue(text, undefined, context) };
  return { kind: 'token', value: parseToken(name, text) };
}
