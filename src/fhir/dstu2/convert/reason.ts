import { concept } from './coding.ts';
import { firstOf, listOf, partly, type Rule } from './element.ts';
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
