import { CONVERSIONS } from './convert/conversions.ts';
import { dropped, type Rule, type Rules } from './convert/element.ts';
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
  /** Those of which only some values have a place: a reason why something was not done has none where it was done. */
  readonly partly: readonly string[];
  /** Those that DSTU2 has once: of several one is shown. */
  readonly single: readonly string[];
}

/** Read from the rules that conversions work by. */
export const dstu2Losses = (): readonly Loss[] => [
  ...[...CONVERSIONS].flatMap(([stored, forms]) =>
    forms.map(({ type, rules }) => ({ stored, type, ...lossesOf(rules) })),
  ),
  { stored: 'PractitionerRole', type: 'Practitioner', ...lossesOf(role.parts ?? new Map()) },
];

const lossesOf = (rules: Rules): Pick<Loss, 'elements' | 'partly' | 'single'> => ({
  elements: namesOf(rules, (rule) => rule === dropped),
  partly: namesOf(rules, (rule) => rule.partly === true),
  single: namesOf(rules, (rule) => rule.single === true),
});

/** Of every resource and element: told once. */
const COMMON = new Set([...resourceRules({}).keys()]);

function namesOf(rules: Rules, isMeant: (rule: Rule) => boolean, within = ''): readonly string[] {
  return [...rules].flatMap(([name, rule]) => {
    if (COMMON.has(name)) return [];
    if (isMeant(rule)) return [`${within}${name}`];
    return rule.parts === undefined ? [] : namesOf(rule.parts, isMeant, `${within}${name}.`);
  });
}
