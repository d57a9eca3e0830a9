import { convertPractitionerRole } from './convert/administration/practitioner.ts';
import { type ConversionRule, type ConversionRules, drop } from './convert/conversion-rules.ts';
import { CONVERSIONS } from './convert/conversions.ts';
import { resourceRules } from './convert/resource-rules.ts';

/** Elements of a stored (R4) type that are lost in one of its DSTU2 types. Printed as JSON by the CLI. */
export interface ConversionLoss {
  /** The R4 name of the stored type. */
  readonly stored: string;
  /** The DSTU2 type it is converted to. */
  readonly type: string;
  /**
   * Paths of R4 elements that are lost completely, for example `participant.onBehalfOf`. Elements that move into a text
   * are not listed.
   */
  readonly elements: readonly string[];
  /**
   * Elements of which only some values are converted. For example, a reason why something was not done is lost if it
   * was done.
   */
  readonly partly: readonly string[];
  /** Elements that repeat in R4 but not in DSTU2: one value is kept. */
  readonly single: readonly string[];
}

/**
 * Lists, for each stored type and each of its DSTU2 types, the elements that DSTU2 can't hold. It reads the rules that
 * the converters run, so it can't be out of date.
 */
export const listDstu2Losses = (): readonly ConversionLoss[] => [
  ...[...CONVERSIONS].flatMap(([stored, variants]) =>
    variants.map(({ type, rules }) => ({ stored, type, ...findLosses(rules) })),
  ),
  { stored: 'PractitionerRole', type: 'Practitioner', ...findLosses(convertPractitionerRole.parts ?? new Map()) },
];

const findLosses = (rules: ConversionRules): Pick<ConversionLoss, 'elements' | 'partly' | 'single'> => ({
  elements: elementPaths(rules, (rule) => rule === drop),
  partly: elementPaths(rules, (rule) => rule.partly === true),
  single: elementPaths(rules, (rule) => rule.single === true),
});

/** Elements that every resource has. They are left out here because the report describes them once. */
const COMMON = new Set([...resourceRules({}).keys()]);

function elementPaths(
  rules: ConversionRules,
  isIncluded: (rule: ConversionRule) => boolean,
  prefix = '',
): readonly string[] {
  return [...rules].flatMap(([name, rule]) => {
    if (COMMON.has(name)) return [];
    if (isIncluded(rule)) return [`${prefix}${name}`];
    return rule.parts === undefined ? [] : elementPaths(rule.parts, isIncluded, `${prefix}${name}.`);
  });
}
