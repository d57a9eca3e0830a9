import { nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { hiddenByStatus, isAbsentOrFalse, type ResourceConversion } from '../conversion.ts';
import { type CodeMap, type ConversionContext, codeMap, type FhirJson } from '../conversion-rules.ts';
import { codingsIn } from '../datatypes/coding.ts';
import { referencedType } from '../datatypes/reference.ts';
import { ORDER_INTENTS } from '../order-intents.ts';

/** The DSTU2 types that an R4 ServiceRequest can become. */
export type Dstu2RequestType = 'DiagnosticOrder' | 'ReferralRequest' | 'ProcedureRequest';

const SNOMED = 'http://snomed.info/sct';
const SECTIONS = 'http://terminology.hl7.org/CodeSystem/v2-0074';
/** SNOMED CT codes of US Core's ServiceRequest categories that are diagnostic orders. */
const DIAGNOSTIC = new Set<unknown>(['108252007', '363679005', '103693007']);
const REFERRAL = new Set<unknown>(['3457005', '306206005']);

/**
 * Returns the DSTU2 type of a ServiceRequest. The first category that identifies a diagnostic order or a referral
 * decides. Without one, the request is a ProcedureRequest.
 */
export function dstu2RequestType(from: FhirJson): Dstu2RequestType {
  const codings = objectsIn(from['category']).flatMap(codingsIn);
  for (const { system, code } of codings) {
    if (system === SECTIONS || (system === SNOMED && DIAGNOSTIC.has(code))) return 'DiagnosticOrder';
    if (system === SNOMED && REFERRAL.has(code)) return 'ReferralRequest';
  }
  return 'ProcedureRequest';
}

const statusCodes = (onHold: string | undefined, active: string, revoked: string): CodeMap =>
  codeMap({
    draft: 'draft',
    active,
    ...(onHold === undefined ? {} : { 'on-hold': onHold }),
    revoked,
    completed: 'completed',
  });
/**
 * DSTU2 codes of R4 ServiceRequest.status, by DSTU2 type. ReferralRequest has no code for `on-hold`, so a referral on
 * hold is hidden: it would look like an active one.
 */
export const REQUEST_STATUS: Readonly<Record<Dstu2RequestType, CodeMap>> = {
  DiagnosticOrder: statusCodes('suspended', 'requested', 'cancelled'),
  ProcedureRequest: statusCodes('suspended', 'requested', 'aborted'),
  ReferralRequest: statusCodes(undefined, 'active', 'cancelled'),
};
export const REQUEST_PRIORITY: CodeMap = codeMap({ routine: 'routine', urgent: 'urgent', asap: 'asap', stat: 'stat' });

const OTHER_INTENTS = new Set(['proposal', 'plan', 'directive', 'option']);
/** Types of resource that the subject of each DSTU2 request type may have. */
const SUBJECTS: Readonly<Record<Dstu2RequestType, ReadonlySet<string | undefined>>> = {
  DiagnosticOrder: new Set(['Patient', 'Group', 'Location', 'Device']),
  ProcedureRequest: new Set(['Patient', 'Group']),
  ReferralRequest: new Set(['Patient']),
};

/** Hides a ServiceRequest that isn't an order: DSTU2 can't mark a request as proposed, planned, or forbidden. */
const hiddenBy =
  (type: Dstu2RequestType) =>
  (from: FhirJson, context: ConversionContext): string | undefined => {
    const intent = nonEmptyText(from['intent']) ?? '';
    if (!isAbsentOrFalse(from, 'doNotPerform')) return 'do-not-perform';
    if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
    if (!ORDER_INTENTS.has(intent)) return 'intent-not-understood';
    if (type === 'ReferralRequest' && from['status'] === 'on-hold') return 'status-on-hold';
    const subject = referencedType(from['subject'], context);
    if (subject !== undefined && !SUBJECTS[type].has(subject)) return `subject-is-${subject.toLowerCase()}`;
    return hiddenByStatus(from['status'], REQUEST_STATUS[type]);
  };

export const requestConversionBase = (
  form: Dstu2RequestType,
): Pick<ResourceConversion, 'type' | 'appliesTo' | 'hiddenBy' | 'profiles'> => ({
  type: form,
  appliesTo: (from) => dstu2RequestType(from) === form,
  hiddenBy: hiddenBy(form),
  profiles: [],
});
