import type { Question } from './questions.ts';
import { type Known, RULES } from './rules.ts';

/** A search by one parameter. The values are alternatives. */
export interface Asked {
  readonly name: string;
  readonly kind: string;
  readonly modifier: string | undefined;
  readonly values: readonly string[];
  readonly known: Known;
}

export const printed = ({ name, modifier, values }: Pick<Asked, 'name' | 'modifier' | 'values'>): string =>
  `${name}${modifier === undefined ? '' : `:${modifier}`}=${encodeURIComponent(values.join(','))}`;

/** The modifiers that negate, and what each negates: `:not` a search without modifier, `:not-in` `:in`. */
const OPPOSITES: Readonly<Record<string, string | undefined>> = { not: undefined, 'not-in': 'in' };

/** Whether a search finds a resource, decided by looking at all of its nodes. */
export function finds(nodes: readonly unknown[], { modifier, values, kind, known }: Asked): boolean {
  if (modifier === 'missing') return (nodes.length === 0) === (values[0] === 'true');
  const rule = RULES[kind];
  if (rule === undefined) throw new Error(`no rule for ${kind}`);
  const isOpposite = modifier !== undefined && Object.hasOwn(OPPOSITES, modifier);
  const plain = isOpposite ? OPPOSITES[modifier] : modifier;
  return nodes.some((node) => values.some((value) => rule(node, plain, value, known))) !== isOpposite;
}

export const withQuestion = (parameter: Omit<Asked, 'modifier' | 'values'>, { modifier, value }: Question): Asked => ({
  ...parameter,
  modifier,
  values: [value],
});
