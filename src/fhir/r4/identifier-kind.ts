import { elementsAt } from '../store/index/elements.ts';

export type IdentifierKind =
  | 'medicalRecord'
  | 'socialSecurity'
  | 'driverLicense'
  | 'passport'
  | 'member'
  | 'subscriber'
  | 'medicare'
  | 'medicaid'
  | 'taxpayer'
  | 'permanentResident'
  | 'visa'
  | 'military'
  | 'national'
  | 'birthCertificate'
  | 'account'
  | 'patient'
  | 'provider';

/**
 * Systems that identify the kind of a number: HL7 terminology (https://terminology.hl7.org/identifiers.html) and the
 * passport system of Synthea. A system that is a prefix ends in `*`: each state has a system for driver's licenses, and
 * each country one for passports.
 */
const KINDS_BY_SYSTEM: Readonly<Record<string, IdentifierKind>> = {
  'http://hl7.org/fhir/sid/us-ssn': 'socialSecurity',
  'urn:oid:2.16.840.1.113883.4.1': 'socialSecurity',
  'http://hl7.org/fhir/sid/us-npi': 'provider',
  'urn:oid:2.16.840.1.113883.4.6': 'provider',
  'http://hl7.org/fhir/sid/us-mbi': 'medicare',
  'http://hl7.org/fhir/sid/us-medicare': 'medicare',
  'http://hl7.org/fhir/sid/us-hicn': 'medicare',
  'urn:oid:2.16.840.1.113883.4.927': 'medicare',
  'urn:oid:2.16.840.1.113883.4.572': 'medicare',
  'urn:oid:2.16.840.1.113883.4.3.*': 'driverLicense',
  'urn:oid:2.16.840.1.113883.4.330.*': 'passport',
  'http://hl7.org/fhir/sid/passport-*': 'passport',
  'http://standardhealthrecord.org/fhir/StructureDefinition/passportNumber': 'passport',
};

/** Codes of Identifier.type: HL7 v2 table 0203 (https://terminology.hl7.org/CodeSystem-v2-0203.html), and `um` of CARIN. */
const KINDS_BY_TYPE: Readonly<Record<string, IdentifierKind>> = {
  MR: 'medicalRecord',
  SS: 'socialSecurity',
  DL: 'driverLicense',
  PPN: 'passport',
  MB: 'member',
  um: 'member',
  SN: 'subscriber',
  MC: 'medicare',
  MA: 'medicaid',
  TAX: 'taxpayer',
  PRC: 'permanentResident',
  VS: 'visa',
  MI: 'military',
  NI: 'national',
  NNUSA: 'national',
  BCT: 'birthCertificate',
  BR: 'birthCertificate',
  AN: 'account',
  PI: 'patient',
  PT: 'patient',
  PN: 'patient',
  NPI: 'provider',
};

/** Kinds of numbers that are used for identity theft. They aren't shown in lists, and elsewhere only on request. */
const CONFIDENTIAL: readonly (IdentifierKind | undefined)[] = [
  'socialSecurity',
  'driverLicense',
  'passport',
  'medicare',
  'medicaid',
  'taxpayer',
  'permanentResident',
  'visa',
  'military',
  'national',
  'birthCertificate',
];

const SOCIAL_SECURITY_FORMAT = /^\s*\d{3}-\d{2}-\d{4}\s*$/;
/** Names of the number in English and Spanish, also within local codes such as PAT_SSN or SocialSecurityNumber. */
const SOCIAL_SECURITY_NAME =
  /(?<![a-z])(?:ssn|soc[\s._-]*sec)(?![a-z])|social[\s._-]*security|segur(?:o|idad)[\s._-]*social/i;

/**
 * Returns the kind of an Identifier. A Social Security number must never be taken for another number. Its system, a code
 * of its type or a name of its type identifies it. If these say nothing that is known, the format of the value decides.
 * For other kinds the type counts more than the system.
 */
export function identifierKind(identifier: unknown): IdentifierKind | undefined {
  const codes = elementsAt(identifier, 'type.coding.code');
  const byType = codes.map(kindOfType).filter((kind) => kind !== undefined);
  const bySystem = elementsAt(identifier, 'system').map(kindOfSystem).find(Boolean);
  const names = [...codes, ...elementsAt(identifier, 'type.coding.display'), ...elementsAt(identifier, 'type.text')];
  const isNamed = names.some((name) => SOCIAL_SECURITY_NAME.test(String(name)));
  if (isNamed || bySystem === 'socialSecurity' || byType.includes('socialSecurity')) return 'socialSecurity';
  const known = byType[0] ?? bySystem;
  if (known !== undefined) return known;
  const hasFormat = elementsAt(identifier, 'value').some((value) => SOCIAL_SECURITY_FORMAT.test(String(value)));
  return hasFormat ? 'socialSecurity' : undefined;
}

const kindOfType = (code: unknown): IdentifierKind | undefined =>
  typeof code === 'string' && Object.hasOwn(KINDS_BY_TYPE, code) ? KINDS_BY_TYPE[code] : undefined;

function kindOfSystem(system: unknown): IdentifierKind | undefined {
  if (typeof system !== 'string') return undefined;
  const found = Object.entries(KINDS_BY_SYSTEM).find(([known]) =>
    known.endsWith('*') ? system.startsWith(known.slice(0, -1)) : system === known,
  );
  return found?.[1];
}

/** Whether an Identifier is a Social Security number, which is never searched by or shown in full. */
export const isSocialSecurityNumber = (identifier: unknown): boolean => identifierKind(identifier) === 'socialSecurity';

/** Whether a number must not be shown in a list, because it is used for identity theft. */
export const isConfidentialIdentifier = (identifier: unknown): boolean =>
  CONFIDENTIAL.includes(identifierKind(identifier));
