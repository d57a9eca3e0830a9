import { elementsAt } from '../../fhir/index.ts';
import { joinTexts, type ResourceReader, toText } from './resource-reader.ts';

export type AbnormalMark = 'high' | 'low' | 'abnormal';

/** Abnormal interpretations. FHIR R4 observation-interpretation. */
const ABNORMAL_MARKS: Readonly<Record<string, AbnormalMark>> = {
  H: 'high',
  HH: 'high',
  HU: 'high',
  HX: 'high',
  '>': 'high',
  L: 'low',
  LL: 'low',
  LU: 'low',
  LX: 'low',
  '<': 'low',
  A: 'abnormal',
  AA: 'abnormal',
};

/**
 * Interpretations that don't call for attention: normal, susceptible, negative, nonreactive, not detected. HL7
 * CodeSystem v3-ObservationInterpretation.
 */
const UNREMARKABLE = ['N', 'S', 'NEG', 'NR', 'ND'];

/** Returns the observation and its components, which have the same elements for a result. */
const resultNodes = (observation: unknown): readonly unknown[] => [
  observation,
  ...elementsAt(observation, 'component'),
];

/**
 * Returns the mark that the source gave the value or a component of it. A value is never compared with its reference
 * range.
 */
export function abnormalMark(observation: unknown): AbnormalMark | undefined {
  const codes = resultNodes(observation).flatMap((node) => elementsAt(node, 'interpretation.coding.code'));
  const code = codes.map(String).find((one) => Object.hasOwn(ABNORMAL_MARKS, one));
  return code === undefined ? undefined : ABNORMAL_MARKS[code];
}

/** Whether the source flagged the result or a component of it, for example as high, positive or abnormal. */
export const isFlagged = (observation: unknown): boolean =>
  resultNodes(observation).some((node) => {
    const codes = elementsAt(node, 'interpretation.coding.code');
    return codes.length === 0
      ? elementsAt(node, 'interpretation.text').length > 0
      : codes.some((code) => !UNREMARKABLE.includes(String(code)));
  });

/** Formats the interpretations of an observation or component, such as "High". */
export const formatInterpretations = (node: unknown, reader: ResourceReader): string | undefined =>
  joinTexts(elementsAt(node, 'interpretation').map((one) => formatInterpretation(one, reader)));

/** Formats the interpretations of an observation or component, without "normal". */
export const formatNotableInterpretations = (node: unknown, reader: ResourceReader): string | undefined =>
  joinTexts(
    elementsAt(node, 'interpretation')
      .filter((one) => !elementsAt(one, 'coding.code').includes('N'))
      .map((one) => formatInterpretation(one, reader)),
  );

function formatInterpretation(interpretation: unknown, { concept, messages }: ResourceReader): string | undefined {
  const codes = elementsAt(interpretation, 'coding.code').map(toText);
  const known = codes.find((code) => code !== undefined && Object.hasOwn(messages.flags, code));
  return known === undefined ? concept(interpretation) : messages.flags[known];
}
