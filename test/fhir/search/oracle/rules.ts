import type { CompositeNodes } from './composite-rule.ts';
import { dateMatches } from './date-rule.ts';
import { splitEscaped } from './escaping.ts';
import type { ParameterLine } from './parameter-tables.ts';
import { quantityMatches } from './quantity-rule.ts';
import { referenceMatches } from './reference-rule.ts';
import { stringMatches } from './string-rule.ts';
import { labelMatches, tokenMatches } from './token-rule.ts';
import { uriMatches } from './uri-rule.ts';

/** Context for the rules, beyond the resource. */
export interface RuleContext {
  /** The base URL of the API, which references in searches may include. */
  readonly base: string;
  readonly now: Date;
  /** The system of elements of type `code`, whose values don't include it. */
  readonly implied?: string | undefined;
}

/** Whether a node has a searched value: the rule of R4 for the kind, written for readability. */
export type Rule = (node: unknown, modifier: string | undefined, written: string, known: RuleContext) => boolean;

/** A kind without a rule can't be searched. The test reports it. */
export const RULES: Readonly<Record<string, Rule>> = {
  token: (node, modifier, written, { implied }) => tokenMatches(node, modifier, written, implied),
  label: (node, modifier, written) => labelMatches(node, modifier, written),
  date: (node, _modifier, written, { now }) => dateMatches(node, written, now),
  id: (node, _modifier, written) => node === written,
  instant: (node, _modifier, written, { now }) => dateMatches(node, written, now),
  string: stringMatches,
  quantity: (node, _modifier, written) => quantityMatches(node, written),
  uri: uriMatches,
  reference: (node, modifier, written, { base }) => referenceMatches(node, modifier, written, base),
  patient: (node, modifier, written, { base }) => referenceMatches(node, modifier, written, base),
  composite: (node, _modifier, written, known) => {
    const values = splitEscaped(written, '$');
    return (node as CompositeNodes).parts.every(({ kind, nodes }, at) =>
      nodes.some((one) => RULES[kind]?.(one, undefined, values[at] ?? '', known)),
    );
  },
};

/** The modifiers that the rules support. `[type]` stands for any type of a reference. */
const MODIFIERS: Readonly<Record<string, readonly string[]>> = {
  token: ['missing', 'not', 'text', 'in', 'not-in', 'below', 'above'],
  label: ['missing', 'not', 'text', 'in', 'not-in', 'below', 'above'],
  date: ['missing'],
  string: ['missing', 'exact', 'contains'],
  quantity: ['missing'],
  uri: ['missing', 'below', 'above'],
  reference: ['missing', '[type]', 'identifier'],
  patient: ['missing', '[type]', 'identifier'],
};

/**
 * Provenance targets aren't searchable by identifier, because that would reveal hidden ones. Only Identifiers have
 * `:of-type`.
 */
export const modifiersOf = ({ type, kind, isTyped }: ParameterLine): readonly string[] => [
  ...(MODIFIERS[kind] ?? []).filter((one) => one !== 'identifier' || type !== 'Provenance'),
  ...(isTyped ? ['of-type'] : []),
];

/** FHIR R4 search dice3.1.1.4.4, except modifiers that are types. */
export const ALL_MODIFIERS = [
  ...[
    'missing',
    'exact',
    'contains',
    'text',
    'not',
    'in',
    'not-in',
    'below',
    'above',
    'identifier',
    'of-type',
    'ofType',
  ],
];
