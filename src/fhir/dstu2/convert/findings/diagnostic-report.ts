import { isObject, nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { isInstant } from '../../../model/instant.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  type DraftElement,
  elementConverter,
  type FhirJson,
  map,
  mapCode,
  mapFirstUnreported,
  markPartly,
  markSingle,
} from '../conversion-rules.ts';
import { type CodingMap, codingMapEntries, codingsIn, convertConcept, hasCoding } from '../datatypes/coding.ts';
import { convertAttachment, convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const REPORT_STATUS: CodeMap = codeMap({
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
/** URL that Argonaut's DiagnosticReport profile uses as a code system, although it is the URL of a value set. */
const ARGONAUT_SECTIONS = 'http://hl7.org/fhir/ValueSet/diagnostic-service-sections';
const LAB = 'LAB';
/** Argonaut's coding of a laboratory report. DSTU2 clients search for laboratory reports with it. */
export const REPORT_SECTIONS: CodingMap = new Map(codingMapEntries(SECTIONS, ARGONAUT_SECTIONS, { LAB }));

/**
 * Converts DiagnosticReport.category. DSTU2 allows one: the first from the HL7 v2 table of diagnostic service sections,
 * else the first of all. A laboratory report also gets Argonaut's coding.
 */
const category: ConversionRule = markSingle((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const chosen = all.find((one) => codingsIn(one).some(({ system }) => system === SECTIONS)) ?? all[0];
  const converted = convertConcept(chosen, context);
  if (!isObject(converted)) return;
  const isLab = hasCoding(chosen, SECTIONS, LAB);
  into[name] = isLab
    ? { ...converted, coding: [...toList(converted['coding']), { system: ARGONAUT_SECTIONS, code: LAB }] }
    : converted;
});

/**
 * DSTU2 requires exactly one performer. The rule uses the first performer or interpreter with a reference that DSTU2
 * allows, else the first with a name.
 */
const PERFORMER_TYPES = ['Practitioner', 'Organization'] as const;
const onePerformer: ConversionRule = (from, _name, into, context) => {
  const all = [...toList(from['performer']), ...toList(from['resultsInterpreter'])];
  const useFirst = (convert: typeof performerLink) =>
    mapFirstUnreported(convert, 'performer')({ all }, 'all', into, context);
  useFirst(performerLink);
  if (into['performer'] === undefined) useFirst(performerReference);
};
const performerLink = linkConverter(...PERFORMER_TYPES);
const performerReference = referenceConverter(...PERFORMER_TYPES);

const image = elementConverter({ comment: copy, link: map(referenceConverter('Media')) }, 'link');

export const diagnosticReportConversion: ResourceConversion = {
  type: 'DiagnosticReport',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    basedOn: map(referenceConverter('DiagnosticOrder', 'ProcedureRequest', 'ReferralRequest'), 'request'),
    status: mapCode(REPORT_STATUS),
    category,
    code: map(convertConcept),
    subject: map(referenceConverter('Patient', 'Group', 'Device', 'Location')),
    encounter: map(referenceConverter('Encounter')),
    effectiveDateTime: copy,
    effectivePeriod: map(convertPeriod),
    issued: copy,
    performer: markSingle(onePerformer),
    // The interpreter becomes the performer, but only if the report has no other performer that DSTU2 can show.
    resultsInterpreter: markPartly(onePerformer),
    specimen: map(referenceConverter('Specimen')),
    result: map(referenceConverter('Observation')),
    imagingStudy: map(referenceConverter('ImagingStudy', 'ImagingObjectSelection')),
    media: map(image, 'image'),
    conclusion: copy,
    conclusionCode: map(convertConcept, 'codedDiagnosis'),
    presentedForm: map(convertAttachment),
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], REPORT_STATUS),
  complete,
  required: ['code', 'subject', 'issued'],
  profiles: [argonautProfile('diagnosticreport', isArgonautReport)],
};

/**
 * DSTU2 requires DiagnosticReport.effective[x] and DiagnosticReport.issued. If one is missing, it gets the value of the
 * other. If both are missing, they get the time of the last change.
 */
function complete(into: DraftElement, from: FhirJson): void {
  const time = nonEmptyText(into['effectiveDateTime']);
  const lastUpdated = isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined;
  into['issued'] ??= isInstant(time) ? time : lastUpdated;
  if (!EFFECTIVE.some((name) => into[name] !== undefined)) into['effectiveDateTime'] = into['issued'];
  into['performer'] ??= { display: 'Unknown' };
}
const EFFECTIVE = ['effectiveDateTime', '_effectiveDateTime', 'effectivePeriod'];

function isArgonautReport(resource: FhirJson): boolean {
  return (
    hasAll(resource, 'status', 'code', 'issued', 'performer') &&
    (resource['effectiveDateTime'] !== undefined || resource['effectivePeriod'] !== undefined) &&
    hasReference(resource['subject']) &&
    hasCoding(resource['category'], ARGONAUT_SECTIONS, LAB)
  );
}
