import { codingsOf, concept, hasCoding, type Recoding, recodings } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { attachment, identifier, period } from './datatypes.ts';
import {
  type Codes,
  coded,
  codes,
  type Draft,
  isObject,
  type Json,
  kept,
  listOf,
  objectsIn,
  of,
  oneOf,
  partly,
  type Rule,
  shape,
  single,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { isInstant } from './instant.ts';
import { link, reference } from './reference.ts';

export const REPORT_STATUS: Codes = codes({
  registered: 'registered',
  partial: 'partial',
  preliminary: 'partial',
  final: 'final',
  amended: 'corrected',
  corrected: 'corrected',
  appended: 'appended',
  cancelled: 'cancelled',
  'entered-in-error': 'entered-in-error',
});

const SECTIONS = 'http://terminology.hl7.org/CodeSystem/v2-0074';
/** Argonaut's profile uses the URL of the value set where a code system belongs. */
const ARGONAUT_SECTIONS = 'http://hl7.org/fhir/ValueSet/diagnostic-service-sections';
const LAB = 'LAB';
/** Lets DSTU2 clients search with Argonaut's coding. */
export const REPORT_SECTIONS: Recoding = new Map(recodings(SECTIONS, ARGONAUT_SECTIONS, { LAB }));

/**
 * DSTU2 allows one category: the diagnostic service section, else the first. A laboratory report also gets Argonaut's
 * coding.
 */
const category: Rule = single((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const chosen = all.find((one) => codingsOf(one).some(({ system }) => system === SECTIONS)) ?? all[0];
  const converted = concept(chosen, context);
  if (!isObject(converted)) return;
  const isLab = hasCoding(chosen, SECTIONS, LAB);
  into[name] = isLab
    ? { ...converted, coding: [...listOf(converted['coding']), { system: ARGONAUT_SECTIONS, code: LAB }] }
    : converted;
});

/** DSTU2 requires exactly one performer: the first with a reference that DSTU2 allows, else the first with a name. */
const PERFORMER_TYPES = ['Practitioner', 'Organization'] as const;
const onePerformer: Rule = (from, _name, into, context) => {
  const all = [...listOf(from['performer']), ...listOf(from['resultsInterpreter'])];
  const useFirst = (convert: typeof performerLink) => oneOf(convert, 'performer')({ all }, 'all', into, context);
  useFirst(performerLink);
  if (into['performer'] === undefined) useFirst(performerReference);
};
const performerLink = link(...PERFORMER_TYPES);
const performerReference = reference(...PERFORMER_TYPES);

const image = shape({ comment: kept, link: of(reference('Media')) }, 'link');

export const diagnosticReport: Conversion = {
  type: 'DiagnosticReport',
  rules: resourceRules({
    identifier: of(identifier),
    basedOn: of(reference('DiagnosticOrder', 'ProcedureRequest', 'ReferralRequest'), 'request'),
    status: coded(REPORT_STATUS),
    category,
    code: of(concept),
    subject: of(reference('Patient', 'Group', 'Device', 'Location')),
    encounter: of(reference('Encounter')),
    effectiveDateTime: kept,
    effectivePeriod: of(period),
    issued: kept,
    performer: single(onePerformer),
    // Used only if the report has no usable performer.
    resultsInterpreter: partly(onePerformer),
    specimen: of(reference('Specimen')),
    result: of(reference('Observation')),
    imagingStudy: of(reference('ImagingStudy', 'ImagingObjectSelection')),
    media: of(image, 'image'),
    conclusion: kept,
    conclusionCode: of(concept, 'codedDiagnosis'),
    presentedForm: of(attachment),
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], REPORT_STATUS),
  complete,
  required: ['code', 'subject', 'issued'],
  profiles: [argonaut('diagnosticreport', isArgonautReport)],
};

/** DSTU2 requires both times, so each is used for the other, and the time of the last change if both are missing. */
function complete(into: Draft, from: Json): void {
  const time = textOf(into['effectiveDateTime']);
  const lastUpdated = isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined;
  into['issued'] ??= isInstant(time) ? time : lastUpdated;
  if (!EFFECTIVE.some((name) => into[name] !== undefined)) into['effectiveDateTime'] = into['issued'];
  into['performer'] ??= { display: 'Unknown' };
}
const EFFECTIVE = ['effectiveDateTime', '_effectiveDateTime', 'effectivePeriod'];

function isArgonautReport(resource: Json): boolean {
  return (
    hasAll(resource, 'status', 'code', 'issued', 'performer') &&
    (resource['effectiveDateTime'] !== undefined || resource['effectivePeriod'] !== undefined) &&
    pointsTo(resource['subject']) &&
    hasCoding(resource['category'], ARGONAUT_SECTIONS, LAB)
  );
}
