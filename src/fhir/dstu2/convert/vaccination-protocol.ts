import { numberIn } from './amount-words.ts';
import { concept, wordsOf } from './coding.ts';
import { type Context, type Convert, type Draft, type Json, kept, objectsIn, of, type Rule, shape } from './element.ts';
import { reference } from './reference.ts';

/** Accepts a positive number, also one written as a string. Other values can't be represented in DSTU2. */
const positive =
  (to: string): Rule =>
  (from, name, into) => {
    const text = numberIn(from[name]) ?? (typeof from[name] === 'string' ? String(from[name]) : '');
    if (/^[1-9]\d{0,8}$/.test(text)) into[to] = typeof from[name] === 'string' ? Number(text) : from[name];
  };

const protocol: Convert = shape(
  {
    series: kept,
    authority: of(reference('Organization')),
    targetDisease: of(concept),
    doseNumberPositiveInt: positive('doseSequence'),
    doseNumberString: positive('doseSequence'),
    seriesDosesPositiveInt: positive('seriesDoses'),
    seriesDosesString: positive('seriesDoses'),
  },
  'doseSequence',
  'targetDisease',
);

const DOSE_STATUS = 'http://hl7.org/fhir/vaccination-protocol-dose-status';
const doseStatus = (code: string): Json => ({ coding: [{ system: DOSE_STATUS, code }] });
const SUBPOTENT = 'Subpotent dose';

/** A subpotent dose doesn't count. If no protocol can say so, a note does. */
export function addProtocols(into: Draft, from: Json, context: Context): void {
  const isSubpotent = from['isSubpotent'] === true;
  const reasons = objectsIn(from['subpotentReason'])
    .map(wordsOf)
    .filter((one) => one !== undefined);
  const doses = {
    doseStatus: doseStatus(isSubpotent ? 'nocount' : 'count'),
    ...(isSubpotent && reasons.length > 0 ? { doseStatusReason: { text: reasons.join(', ') } } : {}),
  };
  const converted = objectsIn(from['protocolApplied']).map((one) => protocol(one, context));
  const whole = converted.filter((one) => one !== undefined).map((one) => ({ ...(one as Json), ...doses }));
  if (whole.length > 0) into['vaccinationProtocol'] = whole;
  if (whole.length > 0 || !isSubpotent) return;
  const text = [SUBPOTENT, ...(reasons.length > 0 ? [reasons.join(', ')] : [])].join(': ');
  into['note'] = [...objectsIn(into['note']), { text }];
}
