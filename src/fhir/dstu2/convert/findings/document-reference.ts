import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  type ConversionRule,
  copy,
  type DraftElement,
  elementConverter,
  type FhirJson,
  identityCodeMap,
  map,
  mapCode,
  mapFirst,
  rename,
  type ValueConverter,
} from '../conversion-rules.ts';
import { codingsIn, convertCoding, convertConcept, LOINC } from '../datatypes/coding.ts';
import { convertAttachment, convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const DOCUMENT_STATUS = identityCodeMap('current', 'superseded', 'entered-in-error');
export const DOCUMENT_COMPOSITION_STATUS = identityCodeMap('preliminary', 'final', 'amended', 'entered-in-error');
export const DOCUMENT_RELATION = identityCodeMap('replaces', 'transforms', 'signs', 'appends');

/** DocumentReference.docStatus is a code in R4 and a CodeableConcept in DSTU2. */
const docStatus: ConversionRule = (from, name, into) => {
  const code = DOCUMENT_COMPOSITION_STATUS.get(nonEmptyText(from[name]) ?? '');
  if (code !== undefined) into[name] = { coding: [{ system: 'http://hl7.org/fhir/composition-status', code }] };
};

const relatesTo = elementConverter(
  { code: mapCode(DOCUMENT_RELATION), target: map(referenceConverter('DocumentReference')) },
  'code',
  'target',
);

export const R4_DOCUMENT_FORMATS = 'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem';
export const DSTU2_DOCUMENT_FORMATS = 'urn:oid:1.3.6.1.4.1.19376.1.2.3';
const convertFormat: ValueConverter = (value, context) => {
  const converted = convertCoding(value, context);
  return isObject(converted) && converted['system'] === R4_DOCUMENT_FORMATS
    ? { ...converted, system: DSTU2_DOCUMENT_FORMATS }
    : converted;
};
/**
 * Format for a DocumentReference without one, because Argonaut requires a format. The code means that the media type is
 * sufficient to open the document.
 */
const MIME_TYPE_SUFFICIENT = { system: DSTU2_DOCUMENT_FORMATS, code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient' };
const convertContentParts = elementConverter(
  {
    attachment: map(convertAttachment),
    format: (from, name, into, context) => {
      const converted = convertFormat(from[name], context);
      if (converted !== undefined) into[name] = [converted];
    },
  },
  'attachment',
);
const content: ValueConverter = (value, context) => {
  const converted = convertContentParts(value, context);
  return isObject(converted) && converted['format'] === undefined
    ? { ...converted, format: [MIME_TYPE_SUFFICIENT] }
    : converted;
};

const toAny = referenceConverter();
const related: ValueConverter = (value, context) => {
  const [ref, known] = [
    toAny(value, context),
    isObject(value) ? convertIdentifier(value['identifier'], context) : undefined,
  ];
  if (ref === undefined && known === undefined) return undefined;
  return { ...(known === undefined ? {} : { identifier: known }), ...(ref === undefined ? {} : { ref }) };
};

const convertContext = elementConverter({
  encounter: mapFirst(linkConverter('Encounter')),
  event: map(convertConcept),
  period: map(convertPeriod),
  facilityType: map(convertConcept),
  practiceSetting: map(convertConcept),
  sourcePatientInfo: map(referenceConverter('Patient')),
  related: map(related),
});

export const documentReferenceConversion: ResourceConversion = {
  type: 'DocumentReference',
  rules: resourceRules({
    masterIdentifier: map(convertIdentifier),
    identifier: map(convertIdentifier),
    status: mapCode(DOCUMENT_STATUS),
    docStatus,
    type: map(convertConcept),
    category: mapFirst(convertConcept, 'class'),
    subject: map(referenceConverter('Patient', 'Practitioner', 'Group', 'Device')),
    date: rename('indexed'),
    author: map(referenceConverter('Practitioner', 'Organization', 'Device', 'Patient', 'RelatedPerson')),
    authenticator: map(referenceConverter('Practitioner', 'Organization')),
    custodian: map(referenceConverter('Organization')),
    relatesTo: map(relatesTo),
    description: copy,
    securityLabel: map(convertConcept),
    content: map(content),
    context: map(convertContext),
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], DOCUMENT_STATUS),
  complete,
  required: ['indexed', 'content'],
  profiles: [argonautProfile('documentreference', isArgonautDocument)],
};

const UNKNOWN_TYPE = { coding: [{ system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' }] };

function complete(into: DraftElement, from: FhirJson): void {
  into['type'] ??= UNKNOWN_TYPE;
  into['indexed'] ??= isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined;
  const [first] = objectsIn(from['content']);
  const creation = isObject(first?.['attachment']) ? nonEmptyText(first['attachment']['creation']) : undefined;
  if (creation !== undefined) into['created'] = creation;
}

/**
 * Whether a DocumentReference satisfies Argonaut's profile, which has a required binding of the type to a LOINC value
 * set.
 */
function isArgonautDocument(resource: FhirJson): boolean {
  const [only, ...more] = objectsIn(resource['content']);
  const file = only?.['attachment'];
  return (
    hasAll(resource, 'status', 'indexed') &&
    hasReference(resource['subject']) &&
    codingsIn(resource['type']).some(({ system }) => system === LOINC) &&
    more.length === 0 &&
    isObject(file) &&
    hasAll(file, 'contentType', 'url')
  );
}
