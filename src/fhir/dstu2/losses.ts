import { convertPractitionerRole } from './convert/administration/practitioner.ts';
import { type ConversionRule, type ConversionRules, drop } from './convert/conversion-rules.ts';
import { CONVERSIONS } from './convert/conversions.ts';
import { resourceRules } from './convert/resource-rules.ts';

/**
 * Elements of an R4 type that are lost in one of the DSTU2 types that it becomes. The CLI prints the losses as JSON.
 */
export interface ConversionLoss {
  /** Name of the R4 type. */
  readonly stored: string;
  /** Name of the DSTU2 type. */
  readonly type: string;
  /**
   * Paths of R4 elements that are lost completely, for example `participant.onBehalfOf`. Elements that move into a text
   * are not listed.
   */
  readonly elements: readonly string[];
  /**
   * Paths of R4 elements of which only some values are converted. For example, Immunization.statusReason is lost if the
   * vaccination was given.
   */
  readonly partly: readonly string[];
  /** Paths of R4 elements that repeat in R4 but not in DSTU2. Only one value of such an element is converted. */
  readonly single: readonly string[];
}

/**
 * Lists the elements that DSTU2 can't hold, for each R4 type and each DSTU2 type that it becomes. The list comes from
 * the rules that the converters run, so it can't be out of date.
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

/**
 * Names of elements that every resource has, such as `meta`. The losses of a type don't list these elements, because
 * their losses are the same for all types.
 */
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
