import { concept, wordsOf } from './coding.ts';
import { firstOf, type Json, listOf, objectsIn, partly, type Rule, textOf } from './element.ts';
import { link } from './reference.ts';

/** One reason where R4 has many of two kinds: a code goes before a Condition. @param to the name of DSTU2's choice */
export function oneReason(to: string): Readonly<Record<'reasonCode' | 'reasonReference', Rule>> {
  const firstCondition = firstOf(link('Condition'), `${to}Reference`);
  return {
    reasonCode: firstOf(concept, `${to}CodeableConcept`),
    reasonReference: partly((from, name, into, context) => {
      if (listOf(from['reasonCode']).length === 0) firstCondition(from, name, into, context);
    }),
  };
}

/** The reasons in words, where DSTU2 must not have them as such: the codes, and what is referred to by its name. */
export function reasonWords({ reasonCode, reasonReference }: Json): string | undefined {
  const named = objectsIn(reasonReference).map((one) => textOf(one['display']));
  const words = [...objectsIn(reasonCode).map(wordsOf), ...named].filter((one) => one !== undefined);
  return words.length === 0 ? undefined : [...new Set(words)].join('; ');
}
