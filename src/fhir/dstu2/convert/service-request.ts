import { codingsOf } from './coding.ts';
import { type Conversion, hiddenByStatus, isDenied } from './conversion.ts';
import { type Codes, type Context, codes, type Json, objectsIn, textOf } from './element.ts';
import { targetType } from './reference.ts';

/** What a ServiceRequest of R4 is in DSTU2, which had a type for each kind of request. */
export type RequestForm = 'DiagnosticOrder' | 'ReferralRequest' | 'ProcedureRequest';

const SNOMED = 'http://snomed.info/sct';
const SECTIONS = 'http://terminology.hl7.org/CodeSystem/v2-0074';
/** US Core's categories of requests. */
const DIAGNOSTIC = new Set<unknown>(['108252007', '363679005', '103693007']);
const REFERRAL = new Set<unknown>(['3457005', '306206005']);

/** By its categories: the first that tells; everything else is a procedure that is asked for. */
export function requestForm(from: Json): RequestForm {
  const codings = objectsIn(from['category']).flatMap(codingsOf);
  for (const { system, code } of codings) {
    if (system === SECTIONS || (system === SNOMED && DIAGNOSTIC.has(code))) return 'DiagnosticOrder';
    if (system === SNOMED && REFERRAL.has(code)) return 'ReferralRequest';
  }
  return 'ProcedureRequest';
}

const statuses = (onHold: string | undefined, active: string, revoked: string): Codes =>
  codes({
    draft: 'draft',
    active,
    ...(onHold === undefined ? {} : { 'on-hold': onHold }),
    revoked,
    completed: 'completed',
  });
/** A referral can't be on hold in DSTU2: it would look like one that goes on. */
export const REQUEST_STATUS: Readonly<Record<RequestForm, Codes>> = {
  DiagnosticOrder: statuses('suspended', 'requested', 'cancelled'),
  ProcedureRequest: statuses('suspended', 'requested', 'aborted'),
  ReferralRequest: statuses(undefined, 'active', 'cancelled'),
};
export const PRIORITY: Codes = codes({ routine: 'routine', urgent: 'urgent', asap: 'asap', stat: 'stat' });

const ORDERS = new Set(['order', 'original-order', 'reflex-order', 'filler-order', 'instance-order']);
const OTHER_INTENTS = new Set(['proposal', 'plan', 'directive', 'option']);
/** Whom the forms can be about. */
const SUBJECTS: Readonly<Record<RequestForm, ReadonlySet<string | undefined>>> = {
  DiagnosticOrder: new Set(['Patient', 'Group', 'Location', 'Device']),
  ProcedureRequest: new Set(['Patient', 'Group']),
  ReferralRequest: new Set(['Patient']),
};

/** Only orders are requests here: what is proposed, planned or forbidden is none, and DSTU2 has no word for it. */
const hiddenBy =
  (form: RequestForm) =>
  (from: Json, context: Context): string | undefined => {
    const intent = textOf(from['intent']) ?? '';
    if (!isDenied(from, 'doNotPerform')) return 'do-not-perform';
    if (OTHER_INTENTS.has(intent)) return `intent-${intent}`;
    if (!ORDERS.has(intent)) return 'intent-not-understood';
    if (form === 'ReferralRequest' && from['status'] === 'on-hold') return 'status-on-hold';
    const subject = targetType(from['subject'], context);
    if (subject !== undefined && !SUBJECTS[form].has(subject)) return `subject-is-${subject.toLowerCase()}`;
    return hiddenByStatus(from['status'], REQUEST_STATUS[form]);
  };

export const ofForm = (form: RequestForm): Pick<Conversion, 'type' | 'isFor' | 'hiddenBy' | 'profiles'> => ({
  type: form,
  isFor: (from) => requestForm(from) === form,
  hiddenBy: hiddenBy(form),
  profiles: [],
});
