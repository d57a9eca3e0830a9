import { concept, wordsOf } from './coding.ts';
import { firstOf, type Json, listOf, objectsIn, partly, type Rule, textOf } from './element.ts';
import { link } from './reference.ts';

/**
 * For DSTU2's single reason: the first code that can be converted or, if there are no codes, the first Condition.
 * @param to prefix of the DSTU2 choice element, such as `reason`
 */
export function oneReason(to: string): Readonly<Record<'reasonCode' | 'reasonReference', Rule>> {
  const firstCondition = firstOf(link('Condition'), `${to}Reference`);
  return {
    reasonCode: firstOf(concept, `${to}CodeableConcept`),
    reasonReference: partly((from, name, into, context) => {
      if (listOf(from['reasonCode']).length === 0) firstCondition(from, name, into, context);
    }),
  };
}

/**
 * The reasons as text: codes, and the displays of references. Used if DSTU2 does not allow reasons in this resource.
 */
export function reasonWords({ reasonCode, reasonReference }: Json): string | undefined {
  const displays = objectsIn(reasonReference).map((one) => textOf(one['display']));
  const texts = [...objectsIn(reasonCode).map(wordsOf), ...displays].filter((one) => one !== undefined);
  return texts.length === 0 ? undefined : [...new Set(texts)].join('; ');
}
