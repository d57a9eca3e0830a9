import { objectsIn } from '../../../../kernel/index.ts';
import { type ConversionRule, type FhirJson, markSingle } from '../conversion-rules.ts';
import { convertHumanName } from '../datatypes/datatypes.ts';

const USE_ORDER = ['official', 'usual', undefined, 'temp', 'anonymous', 'nickname', 'maiden', 'old'];
const useRank = ({ use }: FhirJson): number => {
  const at = USE_ORDER.indexOf(use as string | undefined);
  return at < 0 ? USE_ORDER.length : at;
};

/**
 * Converts the names of a person to the only one that the DSTU2 element allows. It is the name whose `use` ranks first,
 * for example `official` before `old`.
 */
export const mapCurrentName: ConversionRule = markSingle((from, name, into, context) => {
  const [first] = objectsIn(from[name]).toSorted((one, other) => useRank(one) - useRank(other));
  const converted = convertHumanName(first, context);
  if (converted !== undefined) into[name] = converted;
});
