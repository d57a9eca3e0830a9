import type { Question } from './questions.ts';
import { RULES, type RuleContext } from './rules.ts';

/** A search by one parameter. It matches resources that match any of the values. */
export interface SearchCriterion {
  readonly name: string;
  readonly kind: string;
  readonly modifier: string | undefined;
  readonly values: readonly string[];
  readonly known: RuleContext;
}

export const formatCriterion = ({
  name,
  modifier,
  values,
}: Pick<SearchCriterion, 'name' | 'modifier' | 'values'>): string =>
  `${name}${modifier === undefined ? '' : `:${modifier}`}=${encodeURIComponent(values.join(','))}`;

/**
 * Negating modifiers, with the modifier that each negates: `:not` negates a search without a modifier, and `:not-in`
 * negates `:in`.
 */
const OPPOSITES: Readonly<Record<string, string | undefined>> = { not: undefined, 'not-in': 'in' };

/**
 * Whether a search finds a resource.
 * @param nodes all values that the parameter covers in the resource
 */
export function isMatch(nodes: readonly unknown[], { modifier, values, kind, known }: SearchCriterion): boolean {
  if (modifier === 'missing') return (nodes.length === 0) === (values[0] === 'true');
  const rule = RULES[kind];
  if (rule === undefined) throw new Error(`no rule for ${kind}`);
  const isOpposite = modifier !== undefined && Object.hasOwn(OPPOSITES, modifier);
  const plain = isOpposite ? OPPOSITES[modifier] : modifier;
  return nodes.some((node) => values.some((value) => rule(node, plain, value, known))) !== isOpposite;
}

export const criterionOf = (
  parameter: Omit<SearchCriterion, 'modifier' | 'values'>,
  { modifier, value }: Question,
): SearchCriterion => ({
  ...parameter,
  modifier,
  values: [value],
});
