import { coding, codingsOf, concept, onlyCodings, recoded, recodings } from './coding.ts';
import { argonaut, type Conversion, hasAll } from './conversion.ts';
import { address, attachment, contactPoint, humanName, identifier, period } from './datatypes.ts';
import {
  type Convert,
  coded,
  codes,
  isObject,
  type Json,
  kept,
  objectsIn,
  of,
  partly,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

const MARITAL = 'http://terminology.hl7.org/CodeSystem/v3-MaritalStatus';
const DSTU2_MARITAL_STATUS = 'http://hl7.org/fhir/marital-status';
const ALLOWED_MARITAL_CODES: ReadonlySet<string> = new Set([
  ...'ADILMPSTW'.split('').map((code) => `http://hl7.org/fhir/v3/MaritalStatus ${code}`),
  'http://hl7.org/fhir/v3/NullFlavor UNK',
  `${DSTU2_MARITAL_STATUS} U`,
]);
const recodedMarital = recoded(new Map(recodings(MARITAL, DSTU2_MARITAL_STATUS, { U: 'U' })));
const maritalCoding: Convert = (value, context) => {
  const converted = recodedMarital(value, context);
  return isObject(converted) && ALLOWED_MARITAL_CODES.has(`${converted['system']} ${converted['code']}`)
    ? converted
    : undefined;
};

const BCP_47 = 'urn:ietf:bcp:47';
export const languageCoding: Convert = (value, context) =>
  isObject(value) && value['system'] === BCP_47 ? coding(value, context) : undefined;

const RELATIONSHIPS = recodings(
  'http://terminology.hl7.org/CodeSystem/v2-0131',
  'http://hl7.org/fhir/patient-contact-relationship',
  { C: 'emergency', N: 'family', E: 'work' },
);
const recodedRelationship = recoded(new Map(RELATIONSHIPS));
/** Puts the DSTU2 coding, if there is one, in front of the codings of the record. */
const relationship: Convert = (value, context) => {
  const converted = concept(value, context);
  const recodedCodings = codingsOf(value).map((one) => recodedRelationship(one, context));
  const codings = codingsOf(converted);
  const added = recodedCodings.filter((one, at) => isObject(one) && one['code'] !== codings[at]?.['code']);
  return isObject(converted) && added.length > 0 ? { ...converted, coding: [...added, ...codings] } : converted;
};

const contact = shape({
  relationship: of(relationship),
  name: of(humanName),
  telecom: of(contactPoint),
  address: of(address),
  gender: kept,
  organization: of(reference('Organization')),
  period: of(period),
});

const communication = shape({ language: of(onlyCodings(languageCoding)), preferred: kept }, 'language');

/** DSTU2 links can't refer to a RelatedPerson, so such a link is left out. */
const link = shape(
  {
    other: of(reference('Patient')),
    type: coded(codes({ 'replaced-by': 'replace', replaces: 'seealso', refer: 'refer', seealso: 'seealso' })),
  },
  'other',
  'type',
);

export const patient: Conversion = {
  type: 'Patient',
  rules: resourceRules({
    identifier: of(identifier),
    active: kept,
    name: of(humanName),
    telecom: of(contactPoint),
    gender: kept,
    birthDate: kept,
    deceasedBoolean: kept,
    deceasedDateTime: kept,
    address: of(address),
    maritalStatus: of(onlyCodings(maritalCoding)),
    multipleBirthBoolean: kept,
    multipleBirthInteger: kept,
    photo: of(attachment),
    contact: of(contact),
    communication: of(communication),
    generalPractitioner: of(reference('Organization', 'Practitioner'), 'careProvider'),
    managingOrganization: of(reference('Organization')),
    link: partly(of(link)),
  }),
  required: [],
  profiles: [argonaut('patient', isArgonautPatient)],
};

function isArgonautPatient(resource: Json): boolean {
  const identifiers = objectsIn(resource['identifier']);
  const names = objectsIn(resource['name']);
  return (
    identifiers.length > 0 &&
    identifiers.every((one) => hasAll(one, 'system', 'value')) &&
    names.length > 0 &&
    names.every((one) => hasAll(one, 'family', 'given')) &&
    textOf(resource['gender']) !== undefined &&
    objectsIn(resource['communication']).every((one) => codingsOf(one['language']).length > 0)
  );
}
