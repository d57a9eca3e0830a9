import { objectsIn } from '../../../../kernel/index.ts';
import {
  type ConversionContext,
  type ConversionRule,
  copy,
  type DraftElement,
  elementConverter,
  type FhirJson,
  map,
  type ValueConverter,
} from '../conversion-rules.ts';
import { numberText } from '../datatypes/amount-text.ts';
import { conceptText, convertConcept } from '../datatypes/coding.ts';
import { referenceConverter } from '../datatypes/reference.ts';

/**
 * Converts a dose number or a number of doses: a positive integer, as a number or as a string. Any other value is
 * dropped, because DSTU2 can't represent it.
 */
const positive =
  (to: string): ConversionRule =>
  (from, name, into) => {
    const text = numberText(from[name]) ?? (typeof from[name] === 'string' ? String(from[name]) : '');
    if (/^[1-9]\d{0,8}$/.test(text)) into[to] = typeof from[name] === 'string' ? Number(text) : from[name];
  };

const protocol: ValueConverter = elementConverter(
  {
    series: copy,
    authority: map(referenceConverter('Organization')),
    targetDisease: map(convertConcept),
    doseNumberPositiveInt: positive('doseSequence'),
    doseNumberString: positive('doseSequence'),
    seriesDosesPositiveInt: positive('seriesDoses'),
    seriesDosesString: positive('seriesDoses'),
  },
  'doseSequence',
  'targetDisease',
);

const DOSE_STATUS = 'http://hl7.org/fhir/vaccination-protocol-dose-status';
const doseStatus = (code: string): FhirJson => ({ coding: [{ system: DOSE_STATUS, code }] });
const SUBPOTENT = 'Subpotent dose';

/**
 * Adds the vaccination protocols. A subpotent dose gets the dose status "does not count". If the immunization has no
 * protocol to hold that status, a note says so.
 */
export function addVaccinationProtocols(into: DraftElement, from: FhirJson, context: ConversionContext): void {
  const isSubpotent = from['isSubpotent'] === true;
  const reasons = objectsIn(from['subpotentReason'])
    .map(conceptText)
    .filter((one) => one !== undefined);
  const doses = {
    doseStatus: doseStatus(isSubpotent ? 'nocount' : 'count'),
    ...(isSubpotent && reasons.length > 0 ? { doseStatusReason: { text: reasons.join(', ') } } : {}),
  };
  const converted = objectsIn(from['protocolApplied']).map((one) => protocol(one, context));
  const whole = converted.filter((one) => one !== undefined).map((one) => ({ ...(one as FhirJson), ...doses }));
  if (whole.length > 0) into['vaccinationProtocol'] = whole;
  if (whole.length > 0 || !isSubpotent) return;
  const text = [SUBPOTENT, ...(reasons.length > 0 ? [reasons.join(', ')] : [])].join(': ');
  into['note'] = [...objectsIn(into['note']), { text }];
}
