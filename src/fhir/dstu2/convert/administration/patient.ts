import { isObject, nonEmptyText, objectsIn } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, type ResourceConversion } from '../conversion.ts';
import {
  codeMap,
  copy,
  elementConverter,
  type FhirJson,
  map,
  mapCode,
  markPartly,
  type ValueConverter,
} from '../conversion-rules.ts';
import {
  codingConverter,
  codingMapEntries,
  codingsIn,
  convertCoding,
  convertConcept,
  requiredBindingConverter,
} from '../datatypes/coding.ts';
import {
  convertAddress,
  convertAttachment,
  convertContactPoint,
  convertHumanName,
  convertIdentifier,
  convertPeriod,
} from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

const MARITAL = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';
const DSTU2_MARITAL_STATUS = 'http://hl7.org/fhir/marital-status';
const ALLOWED_MARITAL_CODES: ReadonlySet<string> = new Set([
  ...'ADILMPSTW'.split('').map((code) => `http://hl7.org/fhir/v3/MaritalStatus ${code}`),
  'http://hl7.org/fhir/v3/NullFlavor UNK',
  `${DSTU2_MARITAL_STATUS} U`,
]);
const recodedMarital = codingConverter(new Map(codingMapEntries(MARITAL, DSTU2_MARITAL_STATUS, { U: 'U' })));
const maritalCoding: ValueConverter = (value, context) => {
  const converted = recodedMarital(value, context);
  return isObject(converted) && ALLOWED_MARITAL_CODES.has(`${converted['system']} ${converted['code']}`)
    ? converted
    : undefined;
};

const BCP_47 = 'urn:ietf:bcp:47';
export const convertLanguageCoding: ValueConverter = (value, context) =>
  isObject(value) && value['system'] === BCP_47 ? convertCoding(value, context) : undefined;

const RELATIONSHIPS = codingMapEntries(
  'http://terminology.hl7.org/CodeSystem/v2-0131',
  'http://hl7.org/fhir/patient-contact-relationship',
  { C: 'emergency', N: 'family', E: 'work' },
);
const recodedRelationship = codingConverter(new Map(RELATIONSHIPS));
/**
 * Converts Patient.contact.relationship. If DSTU2 has a different code for a coding, the result has both: the DSTU2
 * coding first, then the original.
 */
const relationship: ValueConverter = (value, context) => {
  const converted = convertConcept(value, context);
  const recodedCodings = codingsIn(value).map((one) => recodedRelationship(one, context));
  const codings = codingsIn(converted);
  const added = recodedCodings.filter((one, at) => isObject(one) && one['code'] !== codings[at]?.['code']);
  return isObject(converted) && added.length > 0 ? { ...converted, coding: [...added, ...codings] } : converted;
};

const contact = elementConverter({
  relationship: map(relationship),
  name: map(convertHumanName),
  telecom: map(convertContactPoint),
  address: map(convertAddress),
  gender: copy,
  organization: map(referenceConverter('Organization')),
  period: map(convertPeriod),
});

const communication = elementConverter(
  { language: map(requiredBindingConverter(convertLanguageCoding)), preferred: copy },
  'language',
);

/** Converts Patient.link. A DSTU2 link can't refer to a RelatedPerson, so such a link is left out. */
const link = elementConverter(
  {
    other: map(referenceConverter('Patient')),
    type: mapCode(codeMap({ 'replaced-by': 'replace', replaces: 'seealso', refer: 'refer', seealso: 'seealso' })),
  },
  'other',
  'type',
);

export const patientConversion: ResourceConversion = {
  type: 'Patient',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    active: copy,
    name: map(convertHumanName),
    telecom: map(convertContactPoint),
    gender: copy,
    birthDate: copy,
    deceasedBoolean: copy,
    deceasedDateTime: copy,
    address: map(convertAddress),
    maritalStatus: map(requiredBindingConverter(maritalCoding)),
    multipleBirthBoolean: copy,
    multipleBirthInteger: copy,
    photo: map(convertAttachment),
    contact: map(contact),
    communication: map(communication),
    generalPractitioner: map(referenceConverter('Organization', 'Practitioner'), 'careProvider'),
    managingOrganization: map(referenceConverter('Organization')),
    link: markPartly(map(link)),
  }),
  required: [],
  profiles: [argonautProfile('patient', isArgonautPatient)],
};

function isArgonautPatient(resource: FhirJson): boolean {
  const identifiers = objectsIn(resource['identifier']);
  const names = objectsIn(resource['name']);
  return (
    identifiers.length > 0 &&
    identifiers.every((one) => hasAll(one, 'system', 'value')) &&
    names.length > 0 &&
    names.every((one) => hasAll(one, 'family', 'given')) &&
    nonEmptyText(resource['gender']) !== undefined &&
    objectsIn(resource['communication']).every((one) => codingsIn(one['language']).length > 0)
  );
}
