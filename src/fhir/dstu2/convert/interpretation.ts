import { codingsOf, conceptOf, recoded, recodings } from './coding.ts';
import { listOf, oneOf, type Rule, single } from './element.ts';

const V3 = 'http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation';
const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0078';
const words = (text: string): readonly string[] => text.split(/\s+/);

/** The codes that table 0078 of HL7 version 2 had; the others DSTU2 knows from v3, or not at all. */
const INTERPRETATION = words(`< > A AA AC B D DET H HH HM HU I IE IND L LL LU MS N ND NEG NR NS OBX POS QCF R RR S SDD
  SYN-R SYN-S TOX U VS W WR`);
const INTERPRETATIONS = recodings(
  V3,
  'http://hl7.org/fhir/v2/0078',
  Object.fromEntries(INTERPRETATION.map((one) => [one, one])),
);
const first = oneOf(conceptOf(recoded(new Map(INTERPRETATIONS))));

/** Critical, far from normal, abnormal; what is not known; normal. */
const LEVELS: ReadonlyMap<unknown, number> = new Map([
  ...words('AA HH LL').map((code) => [code, 0] as const),
  ...words('HU LU H> L< HX LX EX > <').map((code) => [code, 1] as const),
  ...words('A H L POS DET R SYN-R NS RR WR UNE TOX').map((code) => [code, 2] as const),
  ...words('N NEG ND NR S VS SYN-S EXP').map((code) => [code, 4] as const),
]);
const UNKNOWN = 3;

function levelOf(value: unknown): number {
  const known = codingsOf(value).filter(({ system }) => system === V3 || system === V2);
  return Math.min(...known.map(({ code }) => LEVELS.get(code) ?? UNKNOWN), known.length === 0 ? UNKNOWN : Infinity);
}

/** One interpretation: the gravest, of equals the first. "Normal" in the place of "critical" would hide a danger. */
export const gravest: Rule = single((from, name, into, context) => {
  const sorted = listOf(from[name]).toSorted((one, other) => levelOf(one) - levelOf(other));
  first({ [name]: sorted }, name, into, context);
});
