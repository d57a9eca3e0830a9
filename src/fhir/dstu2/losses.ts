import { CONVERSIONS } from './convert/conversions.ts';
import { dropped, type Rules } from './convert/element.ts';
import { resourceRules } from './convert/envelope.ts';
import { role } from './convert/practitioner.ts';

/** What DSTU2 can't hold of a stored type. */
export interface Loss {
  /** As it is stored: R4's name. */
  readonly stored: string;
  /** What it becomes. */
  readonly type: string;
  /** R4's elements that have no place there: `participant.onBehalfOf`. What is told in words elsewhere is not among them. */
  readonly elements: readonly string[];
}

/** Read from the rules that conversions work by. */
export const dstu2Losses = (): readonly Loss[] => [
  ...[...CONVERSIONS].flatMap(([stored, forms]) =>
    forms.map(({ type, rules }) => ({ stored, type, elements: lost(rules) })),
  ),
  { stored: 'PractitionerRole', type: 'Practitioner', elements: lost(role.parts ?? new Map()) },
];

/** Of every resource and element: told once. */
const COMMON = new Set([...resourceRules({}).keys()]);

function lost(rules: Rules, within = ''): readonly string[] {
  return [...rules].flatMap(([name, rule]) => {
    if (COMMON.has(name)) return [];
    if (rule === dropped) return [`${within}${name}`];
    return rule.parts === undefined ? [] : lost(rule.parts, `${within}${name}.`);
  });
}
