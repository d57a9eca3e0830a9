import type { Combined } from './composite-rule.ts';
import { dateMatches } from './date-rule.ts';
import { quantityMatches } from './quantity-rule.ts';
import { referenceMatches } from './reference-rule.ts';
import { stringMatches } from './string-rule.ts';
import type { Line } from './tables.ts';
import { labelMatches, tokenMatches } from './token-rule.ts';
import { uriMatches } from './uri-rule.ts';
import { cut } from './written-value.ts';

/** What is known beside the resource. */
export interface Known {
  /** Address of the API: references may be asked for by it. */
  readonly base: string;
  readonly now: Date;
  /** The system of elements of type `code`, which they do not repeat. */
  readonly implied?: string | undefined;
}

/** Whether one node has one of the values of a search: the rule of R4 for the kind, written plainly. */
export type Rule = (node: unknown, modifier: string | undefined, written: string, known: Known) => boolean;

/** A kind that has no rule here can't be searched by: the test lists it. */
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
    const values = cut(written, '$');
    return (node as Combined).parts.every(({ kind, nodes }, at) =>
      nodes.some((one) => RULES[kind]?.(one, undefined, values[at] ?? '', known)),
    );
  },
};

/** What the rules know of modifiers; the type of a reference stands for any type. */
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

/** Of Provenance no identifiers of what it is about are told; a type is that of an Identifier. */
export const modifiersOf = ({ type, kind, isTyped }: Line): readonly string[] => [
  ...(MODIFIERS[kind] ?? []).filter((one) => one !== 'identifier' || type !== 'Provenance'),
  ...(isTyped ? ['of-type'] : []),
];

/** FHIR R4 search §3.1.1.4.4, but for those that are types. */
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
