import { toList } from '../../../../kernel/index.ts';
import { type ConversionRule, mapFirstUnreported, markSingle } from '../conversion-rules.ts';
import { codingConverter, codingMapEntries, codingsIn, conceptConverter } from '../datatypes/coding.ts';

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0078';
const splitWords = (text: string): readonly string[] => text.split(/\s+/);

/**
 * R4 interpretation codes that DSTU2 has in HL7 v2 table 0078. DSTU2 has the other R4 codes in a v3 code system or not
 * at all.
 */
const INTERPRETATION =
  splitWords(`< > A AA AC B D DET H HH HM HU I IE IND L LL LU MS N ND NEG NR NS OBX POS QCF R RR S SDD
  SYN-R SYN-S TOX U VS W WR`);
const INTERPRETATIONS = codingMapEntries(
  V3,
  'http://hl7.org/fhir/v2/0078',
  Object.fromEntries(INTERPRETATION.map((one) => [one, one])),
);
const mapFirstInterpretation = mapFirstUnreported(conceptConverter(codingConverter(new Map(INTERPRETATIONS))));

/** Severity of interpretation codes: 0 critical, 1 far from normal, 2 abnormal, 3 unknown, 4 normal. */
const LEVELS: ReadonlyMap<unknown, number> = new Map([
  ...splitWords('AA HH LL').map((code) => [code, 0] as const),
  ...splitWords('HU LU H> L< HX LX EX > <').map((code) => [code, 1] as const),
  ...splitWords('A H L POS DET R SYN-R NS RR WR UNE TOX').map((code) => [code, 2] as const),
  ...splitWords('N NEG ND NR S VS SYN-S EXP').map((code) => [code, 4] as const),
]);
const UNKNOWN = 3;

function severityLevel(value: unknown): number {
  const known = codingsIn(value).filter(({ system }) => system === V3 || system === V2);
  return Math.min(...known.map(({ code }) => LEVELS.get(code) ?? UNKNOWN), known.length === 0 ? UNKNOWN : Infinity);
}

/**
 * DSTU2 allows one interpretation. The most severe one is used, because showing "normal" instead of "critical" would
 * hide a danger. Among equally severe ones, the first is used.
 */
export const mapMostSevereInterpretation: ConversionRule = markSingle((from, name, into, context) => {
  const sorted = toList(from[name]).toSorted((one, other) => severityLevel(one) - severityLevel(other));
  mapFirstInterpretation({ [name]: sorted }, name, into, context);
});
