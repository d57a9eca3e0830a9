import type { CompositeNodes } from './composite-rule.ts';
import { dateMatches } from './date-rule.ts';
import { splitEscaped } from './escaping.ts';
import type { ParameterLine } from './parameter-tables.ts';
import { quantityMatches } from './quantity-rule.ts';
import { referenceMatches } from './reference-rule.ts';
import { stringMatches } from './string-rule.ts';
import { labelMatches, tokenMatches } from './token-rule.ts';
import { uriMatches } from './uri-rule.ts';

/** Context of a search, beside the resource. */
export interface RuleContext {
  /** Base URL of the API. References in a search may include it. */
  readonly base: string;
  readonly now: Date;
  /** Code system of an element of type `code`, whose values don't name it. */
  readonly implied?: string | undefined;
}

/**
 * Whether a value in a resource matches a searched one, as R4 specifies it. The code is written for readability, not
 * for speed.
 */
export type Rule = (node: unknown, modifier: string | undefined, written: string, known: RuleContext) => boolean;

/** Rules by kind of parameter. The test reports a kind without a rule. */
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

/** Modifiers for which there are rules, by kind of parameter. `[type]` stands for the name of any type. */
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
 * Returns the modifiers of a parameter. Provenance has no `:identifier`, which would reveal hidden targets. Only
 * Identifiers have `:of-type`.
 */
export const modifiersOf = ({ type, kind, isTyped }: ParameterLine): readonly string[] => [
  ...(MODIFIERS[kind] ?? []).filter((one) => one !== 'identifier' || type !== 'Provenance'),
  ...(isTyped ? ['of-type'] : []),
];

/** All modifiers of FHIR R4 search §3.1.1.4.4, except type names. */
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
