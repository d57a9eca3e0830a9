import { codingsOf, concept, type Recoding, recoded, recodings, wordsOf } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { address, attachment, contactPoint, identifier, period } from './datatypes.ts';
import { dropped, isObject, type Json, kept, objectsIn, of, type Rule, readElsewhere, single } from './element.ts';
import { resourceRules } from './envelope.ts';
import { nameInUse } from './person-name.ts';
import { reference } from './reference.ts';

const V2 = 'http://terminology.hl7.org/CodeSystem/v2-0131';
const V3 = 'http://terminology.hl7.org/CodeSystem/v3-RoleCode';
const CONTACT = 'http://hl7.org/fhir/patient-contact-relationship';
export const RELATIONSHIPS: Recoding = new Map(recodings(V2, CONTACT, { C: 'emergency', N: 'family', E: 'work' }));
/** Codes of v3-RoleCode below _PersonalRelationshipRoleType, which DSTU2's required binding includes. */
const PERSONAL_RELATIONSHIPS = new Set<unknown>(
  `FAMMEMB ADOPT AUNT MAUNT PAUNT CHILD CHLDADOPT DAUADOPT SONADOPT CHLDFOST DAUFOST SONFOST CHLDINLAW DAUINLAW SONINLAW
  COUSN MCOUSN PCOUSN DAUC DAU STPDAU NCHILD SON SONC STPSON STPCHLD DOMPART GGRPRN GGRFTH GGRMTH MGGRFTH MGGRMTH
  MGGRPRN PGGRFTH PGGRMTH PGGRPRN GRNDCHILD GRNDDAU GRNDSON GRPRN GRFTH GRMTH MGRFTH MGRMTH MGRPRN PGRFTH PGRMTH PGRPRN
  NIENEPH NEPHEW NIECE PRN FTH MTH NPRN NFTH NFTHF NMTH PRNINLAW FTHINLAW MTHINLAW STPPRN STPFTH STPMTH SIB BRO HSIB
  HBRO HSIS NSIB NBRO NSIS SIBINLAW BROINLAW SISINLAW SIS STPSIB STPBRO STPSIS SIGOTHR SPS HUSB WIFE UNCLE MUNCLE PUNCLE
  FRND NBOR ROOM`.split(/\s+/),
);

const recodedContact = recoded(RELATIONSHIPS);
/** DSTU2 allows one relationship, with codes of its required binding. Other codes become text. */
const relationship: Rule = single((from, name, into, context) => {
  const all = objectsIn(from[name]);
  const isAllowed = (one: Json) =>
    RELATIONSHIPS.has(`${one['system']}|${one['code']}`) ||
    (one['system'] === V3 && PERSONAL_RELATIONSHIPS.has(one['code']));
  const chosen = all.find((one) => codingsOf(one).some(isAllowed)) ?? all[0];
  if (chosen === undefined) return;
  const coding = codingsOf(chosen)
    .filter(isAllowed)
    .map((one) => recodedContact(one, context));
  const converted = concept({ ...chosen, coding: undefined }, context);
  const text = wordsOf(chosen);
  const whole = {
    ...(isObject(converted) ? converted : {}),
    ...(coding.length > 0 ? { coding } : text && { text: text }),
  };
  if (Object.keys(whole).length > 0) into[name] = whole;
});

export const relatedPerson: Conversion = {
  type: 'RelatedPerson',
  rules: resourceRules({
    identifier: of(identifier),
    active: readElsewhere,
    patient: of(reference('Patient')),
    relationship,
    name: nameInUse,
    telecom: of(contactPoint),
    gender: kept,
    birthDate: kept,
    address: of(address),
    photo: of(attachment),
    period: of(period),
    communication: dropped,
  }),
  // DSTU2 can't express that a relation has ended or never existed.
  hiddenBy: ({ active, _active }) => {
    if (active === false) return 'not-active';
    return (active === undefined && _active === undefined) || active === true ? undefined : 'active-not-understood';
  },
  required: ['patient'],
  profiles: [],
};
