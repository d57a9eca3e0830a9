import { coding, codingsOf, concept, LOINC } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { attachment, identifier, period } from './datatypes.ts';
import {
  type Convert,
  coded,
  type Draft,
  firstOf,
  isObject,
  type Json,
  kept,
  keptAs,
  objectsIn,
  of,
  type Rule,
  sameCodes,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { link, reference } from './reference.ts';

export const DOCUMENT_STATUS = sameCodes('current', 'superseded', 'entered-in-error');
export const DOC_STATUS = sameCodes('preliminary', 'final', 'amended', 'entered-in-error');
export const RELATION = sameCodes('replaces', 'transforms', 'signs', 'appends');

/** R4 has a code where DSTU2 has a CodeableConcept. */
const docStatus: Rule = (from, name, into) => {
  const code = DOC_STATUS.get(textOf(from[name]) ?? '');
  if (code !== undefined) into[name] = { coding: [{ system: 'http://hl7.org/fhir/composition-status', code }] };
};

const relatesTo = shape({ code: coded(RELATION), target: of(reference('DocumentReference')) }, 'code', 'target');

export const R4_FORMATS = 'http://ihe.net/fhir/ValueSet/IHE.FormatCode.codesystem';
export const FORMATS = 'urn:oid:1.3.6.1.4.1.19376.1.2.3';
const convertFormat: Convert = (value, context) => {
  const converted = coding(value, context);
  return isObject(converted) && converted['system'] === R4_FORMATS ? { ...converted, system: FORMATS } : converted;
};
/**
 * Argonaut requires a format. This code means that the media type is sufficient, which is also the meaning of a missing
 * format.
 */
const MIME_TYPE_SUFFICIENT = { system: FORMATS, code: 'urn:ihe:iti:xds:2017:mimeTypeSufficient' };
const convertContentParts = shape(
  {
    attachment: of(attachment),
    format: (from, name, into, context) => {
      const converted = convertFormat(from[name], context);
      if (converted !== undefined) into[name] = [converted];
    },
  },
  'attachment',
);
const content: Convert = (value, context) => {
  const converted = convertContentParts(value, context);
  return isObject(converted) && converted['format'] === undefined
    ? { ...converted, format: [MIME_TYPE_SUFFICIENT] }
    : converted;
};

const toAny = reference();
const related: Convert = (value, context) => {
  const [ref, known] = [toAny(value, context), isObject(value) ? identifier(value['identifier'], context) : undefined];
  if (ref === undefined && known === undefined) return undefined;
  return { ...(known === undefined ? {} : { identifier: known }), ...(ref === undefined ? {} : { ref }) };
};

const convertContext = shape({
  encounter: firstOf(link('Encounter')),
  event: of(concept),
  period: of(period),
  facilityType: of(concept),
  practiceSetting: of(concept),
  sourcePatientInfo: of(reference('Patient')),
  related: of(related),
});

export const documentReference: Conversion = {
  type: 'DocumentReference',
  rules: resourceRules({
    masterIdentifier: of(identifier),
    identifier: of(identifier),
    status: coded(DOCUMENT_STATUS),
    docStatus,
    type: of(concept),
    category: firstOf(concept, 'class'),
    subject: of(reference('Patient', 'Practitioner', 'Group', 'Device')),
    date: keptAs('indexed'),
    author: of(reference('Practitioner', 'Organization', 'Device', 'Patient', 'RelatedPerson')),
    authenticator: of(reference('Practitioner', 'Organization')),
    custodian: of(reference('Organization')),
    relatesTo: of(relatesTo),
    description: kept,
    securityLabel: of(concept),
    content: of(content),
    context: of(convertContext),
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], DOCUMENT_STATUS),
  complete,
  required: ['indexed', 'content'],
  profiles: [argonaut('documentreference', isArgonautDocument)],
};

const UNKNOWN_TYPE = { coding: [{ system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' }] };

function complete(into: Draft, from: Json): void {
  into['type'] ??= UNKNOWN_TYPE;
  into['indexed'] ??= isObject(from['meta']) ? from['meta']['lastUpdated'] : undefined;
  const [first] = objectsIn(from['content']);
  const creation = isObject(first?.['attachment']) ? textOf(first['attachment']['creation']) : undefined;
  if (creation !== undefined) into['created'] = creation;
}

/** The profile has a required binding of the type to a LOINC value set. */
function isArgonautDocument(resource: Json): boolean {
  const [only, ...more] = objectsIn(resource['content']);
  const file = only?.['attachment'];
  return (
    hasAll(resource, 'status', 'indexed') &&
    pointsTo(resource['subject']) &&
    codingsOf(resource['type']).some(({ system }) => system === LOINC) &&
    more.length === 0 &&
    isObject(file) &&
    hasAll(file, 'contentType', 'url')
  );
}
