import { humanName } from './datatypes.ts';
import { type Json, objectsIn, type Rule, single } from './element.ts';

const ORDER = ['official', 'usual', undefined, 'temp', 'anonymous', 'nickname', 'maiden', 'old'];
const placeOf = ({ use }: Json): number => {
  const at = ORDER.indexOf(use as string | undefined);
  return at < 0 ? ORDER.length : at;
};

/** One name where R4 has many: the one that is in use. */
export const nameInUse: Rule = single((from, name, into, context) => {
  const [first] = objectsIn(from[name]).toSorted((one, other) => placeOf(one) - placeOf(other));
  const made = humanName(first, context);
  if (made !== undefined) into[name] = made;
});
