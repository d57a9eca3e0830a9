import { nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { type ConversionRule, type FhirJson, mapFirst, markPartly } from '../conversion-rules.ts';
import { conceptText, convertConcept } from './coding.ts';
import { linkConverter } from './reference.ts';

/**
 * Returns rules for resources that allow a single reason in DSTU2. The DSTU2 reason is the first R4 reason code that
 * can be converted. If there are no reason codes, it is the first referenced Condition.
 * @param to prefix of the DSTU2 choice element, such as `reason`
 */
export function singleReasonRules(to: string): Readonly<Record<'reasonCode' | 'reasonReference', ConversionRule>> {
  const firstCondition = mapFirst(linkConverter('Condition'), `${to}Reference`);
  return {
    reasonCode: mapFirst(convertConcept, `${to}CodeableConcept`),
    reasonReference: markPartly((from, name, into, context) => {
      if (toList(from['reasonCode']).length === 0) firstCondition(from, name, into, context);
    }),
  };
}

/**
 * Joins the names of the coded reasons and the displays of referenced reasons to a text. The text is for resources that
 * can't have reasons in DSTU2, such as a vaccination that was not given.
 */
export function reasonText({ reasonCode, reasonReference }: FhirJson): string | undefined {
  const displays = objectsIn(reasonReference).map((one) => nonEmptyText(one['display']));
  const texts = [...objectsIn(reasonCode).map(conceptText), ...displays].filter((one) => one !== undefined);
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}
