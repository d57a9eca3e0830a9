import { elementsAt } from '../../fhir/index.ts';
import type { ResourceReader } from '../record/resource-reader.ts';

/**
 * Interpretation codes that don't call for attention: normal, susceptible, negative, nonreactive, not detected. HL7
 * CodeSystem v3-ObservationInterpretation.
 */
const UNREMARKABLE = ['N', 'S', 'NEG', 'NR', 'ND'];

const PATH = 'interpretation.coding.code';

/** Whether the source flagged the result, for example as high or abnormal. We never compare a value with a range. */
export function isFlagged(observation: unknown): boolean {
  const codes = elementsAt(observation, PATH);
  return codes.length === 0
    ? elementsAt(observation, 'interpretation.text').length > 0
    : codes.some((code) => !UNREMARKABLE.includes(String(code)));
}

/** Returns the interpretation of the source in words, such as "High". */
export const formatInterpretation = (observation: unknown, { messages, codeLabel, concepts }: ResourceReader) => {
  const [code] = elementsAt(observation, PATH);
  return typeof code === 'string' && Object.hasOwn(messages.flags, code)
    ? codeLabel(observation, PATH, messages.flags)
    : concepts(observation, 'interpretation');
};
