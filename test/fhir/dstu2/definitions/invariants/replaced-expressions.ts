import type { Constraint } from './structures.ts';

interface ReplacedExpression {
  /** Expression that is evaluated instead of the published one. Undefined skips the invariant. */
  readonly as: string | undefined;
  readonly why: string;
}

const TO_THE_DAY = String.raw`not(@value) or matches(@value, '^\d{4}-[01]\d-[0-3]\d')`;
const NO_XPATH = 'a pattern between slashes: no XPath';
const toTheDay = { as: TO_THE_DAY, why: `${NO_XPATH}. "Datetime must be at least to day."` };
const postalCode = { as: undefined, why: `${NO_XPATH}; in profiles of DAF and US Lab, which nothing here claims` };
const category = (code: string): ReplacedExpression => ({
  as: `exists(../f:category/f:coding[f:system/@value='http://argonaut.hl7.org' and f:code/@value='${code}'])`,
  why: 'names without a namespace hold on no resource',
});

/**
 * Replacements for published expressions that aren't XPath, have no effect, or never hold. Each follows the description
 * of its constraint.
 */
export const REPLACED_EXPRESSIONS: Readonly<Record<string, ReplacedExpression>> = {
  [String.raw`f:matches(./\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d([+-][0-2]\d:[0-5]\d|Z)/)`]: toTheDay,
  [String.raw`f:matches(effectiveDateTime,/\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d([+-][0-2]\d:[0-5]\d|Z)/)`]: toTheDay,
  [String.raw`f:matches(dateTime,/\d{4}-[01]\d-[0-3]\dT[0-2]\d:[0-5]\d([+-][0-2]\d:[0-5]\d|Z)/)`]: toTheDay,
  [String.raw`f:matches(.,/\d{4}-[01]\d-[0-3])/)`]: toTheDay,
  'f:matches(issued,[0-9]{5}(-[0-9]{4}){0,1} )': postalCode,
  "exists(f:coding/code[@value='assess-plan']) and exists(f:coding/system[@value='http://argonaut.hl7.org'])":
    category('assess-plan'),
  // This constraint of argo-careteam tests for the category careplan, but its description demands careteam.
  "exists(f:coding/code[@value='careplan']) and exists(f:coding/system[@value='http://argonaut.hl7.org'])":
    category('careteam'),
  "not(exists(f:valueQuantity/f:system) ) or  f:valueQuantity/f:system[@value='http://unitsofmeasure.org']": {
    as: "not(self::f:valueQuantity/f:system) or f:system/@value='http://unitsofmeasure.org'",
    why: 'it stands at the value, and looks for a value in it',
  },
  "not(exists(for $id in f:contained/*/@id return $id[not(ancestor::f:contained/parent::*/descendant::f:reference/@value=concat('#', $id))]))":
    {
      as: "not(exists(for $id in f:contained/*/f:id/@value return $id[not(ancestor::f:contained/parent::*/descendant::f:reference/@value=concat('#', $id))]))",
      why: 'the id of a resource is an element in DSTU2',
    },
  'not(exists(f:component/f:code)) or count(for $coding in f:code/f:coding return parent::*/f:component/f:code/f:coding[f:code/@value=$coding/f:code/@value and f:system/@value=$coding/f:system/@value])=0':
    {
      as: 'not(f:code/f:coding[some $other in ../../f:component/f:code/f:coding satisfies ($other/f:code/@value=f:code/@value and $other/f:system/@value=f:system/@value)])',
      why: 'it looks for components beside the Observation',
    },
};

/** Returns the expression to evaluate, or undefined if the invariant is skipped. */
export const xpathOf = ({ xpath }: Constraint): string | undefined => {
  const reading = REPLACED_EXPRESSIONS[xpath];
  return reading === undefined ? xpath : reading.as;
};
