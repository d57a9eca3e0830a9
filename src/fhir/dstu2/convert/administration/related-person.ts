import { isObject, objectsIn } from '../../../../kernel/index.ts';
import type { ResourceConversion } from '../conversion.ts';
import {
  type ConversionRule,
  copy,
  drop,
  type FhirJson,
  handledElsewhere,
  map,
  markSingle,
} from '../conversion-rules.ts';
import {
  type CodingMap,
  codingConverter,
  codingMapEntries,
  codingsIn,
  conceptText,
  convertConcept,
} from '../datatypes/coding.ts';
import {
  convertAddress,
  convertAttachment,
  convertContactPoint,
  convertIdentifier,
  convertPeriod,
} from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';
import { mapCurrentName } from './person-name.ts';

const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0131';
const V3 = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const CONTACT = 'http://hl7.org/fhir/patient-contact-relationship';
export const CONTACT_RELATIONSHIPS: CodingMap = new Map(
  codingMapEntries(V2, CONTACT, { C: 'emergency', N: 'family', E: 'work' }),
);
/**
 * Codes of v3-RoleCode below _PersonalRelationshipRoleType. DSTU2's required binding for RelatedPerson.relationship
 * includes them.
 */
const PERSONAL_RELATIONSHIPS = new Set<unknown>(
  `FAMMEMB ADOPT AUNT MAUNT PAUNT CHILD CHLDADOPT DAUADOPT SONADOPT CHLDFOST DAUFOST SONFOST CHLDINLAW DAUINLAW SONINLAW
  COUSN MCOUSN PCOUSN DAUC DAU STPDAU NCHILD SON SONC STPSON STPCHLD DOMPART GGRPRN GGRFTH GGRMTH MGGRFTH MGGRMTH
  MGGRPRN PGGRFTH PGGRMTH PGGRPRN GRNDCHILD GRNDDAU GRNDSON GRPRN GRFTH GRMTH MGRFTH MGRMTH MGRPRN PGRFTH PGRMTH PGRPRN
  NIENEPH NEPHEW NIECE PRN FTH MTH NPRN NFTH NFTHF NMTH PRNINLAW FTHINLAW MTHINLAW STPPRN STPFTH STPMTH SIB BRO HSIB
  HBRO HSIS NSIB NBRO NSIS SIBINLAW BROINLAW SISINLAW SIS STPSIB STPBRO STPSIS SIGOTHR SPS HUSB WIFE UNCLE MUNCLE PUNCLE
  FRND NBOR ROOM`.split(/\s+/),
);

const recodedContact = codingConverter(CONTACT_RELATIONSHIPS);
/**
 * Converts RelatedPerson.relationship. DSTU2 allows one relationship. Codes outside its required binding become text.
 */
const relationship: ConversionRule = markSingle((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const isAllowed = (one: FhirJson) =>
    CONTACT_RELATIONSHIPS.has(`${one['system']}|${one['code']}`) ||
    (one['system'] === V3 && PERSONAL_RELATIONSHIPS.has(one['code']));
  const chosen = all.find((one) => codingsIn(one).some(isAllowed)) ?? all[0];
  if (chosen === undefined) return;
  const coding = codingsIn(chosen)
    .filter(isAllowed)
    .map((one) => recodedContact(one, context));
  const converted = convertConcept({ ...chosen, coding: undefined }, context);
  const text = conceptText(chosen);
  const whole = {
    ...(isObject(converted) ? converted : {}),
    ...(coding.length > 0 ? { coding } : text && { text }),
  };
  if (Object.keys(whole).length > 0) into[name] = whole;
});

export const relatedPersonConversion: ResourceConversion = {
  type: 'RelatedPerson',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    active: handledElsewhere,
    patient: map(referenceConverter('Patient')),
    relationship,
    name: mapCurrentName,
    telecom: map(convertContactPoint),
    gender: copy,
    birthDate: copy,
    address: map(convertAddress),
    photo: map(convertAttachment),
    period: map(convertPeriod),
    communication: drop,
  }),
  // Hides a RelatedPerson unless `active` is true or missing. DSTU2 has no such element, so a relation that ended or
  // never existed would look current.
  hiddenBy: ({ active, _active }) => {
    if (active === false) return 'not-active';
    return (active === undefined && _active === undefined) || active === true ? undefined : 'active-not-understood';
  },
  required: ['patient'],
  profiles: [],
};
