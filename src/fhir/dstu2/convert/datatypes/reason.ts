import { nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { type ConversionRule, type FhirJson, mapFirst, markPartly } from '../conversion-rules.ts';
import { conceptText, convertConcept } from './coding.ts';
import { linkConverter } from './reference.ts';

/**
 * For DSTU2's single reason: the first code that can be converted or, if there are no codes, the first Condition.
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
 * The reasons as text: codes, and the displays of references. Used if DSTU2 does not allow reasons in this resource.
 */
export function reasonText({ reasonCode, reasonReference }: FhirJson): string | undefined {
  const displays = objectsIn(reasonReference).map((one) => nonEmptyText(one['display']));
  const texts = [...objectsIn(reasonCode).map(conceptText), ...displays].filter((one) => one !== undefined);
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}
