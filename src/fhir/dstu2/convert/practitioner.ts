import { concept, onlyCodings } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { address, attachment, contactPoint, identifier, period } from './datatypes.ts';
import {
  type Context,
  type Convert,
  type Draft,
  dropped,
  isObject,
  type Json,
  kept,
  listOf,
  of,
  oneOf,
  readElsewhere,
  shape,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { languageCoding } from './patient.ts';
import { nameInUse } from './person-name.ts';
import { reference } from './reference.ts';

const qualification = shape(
  {
    identifier: of(identifier),
    code: of(concept),
    period: of(period),
    issuer: of(reference('Organization')),
  },
  'code',
);

export const practitioner: Conversion = {
  type: 'Practitioner',
  rules: resourceRules({
    identifier: of(identifier),
    active: kept,
    name: nameInUse,
    telecom: of(contactPoint),
    address: of(address),
    gender: kept,
    birthDate: kept,
    photo: of(attachment),
    qualification: of(qualification),
    communication: of(onlyCodings(languageCoding)),
  }),
  complete: addRoles,
  required: [],
  profiles: [],
};

/** PractitionerRole of R4: in DSTU2 it has neither an id nor times of its own, but is part of who has it. */
export const role: Convert = shape({
  // Of the resource, and of no element.
  id: dropped,
  modifierExtension: readElsewhere,
  extension: dropped,
  identifier: dropped,
  active: readElsewhere,
  period: of(period),
  practitioner: readElsewhere,
  organization: of(reference('Organization'), 'managingOrganization'),
  code: oneOf(concept, 'role'),
  specialty: of(concept),
  location: of(reference('Location')),
  healthcareService: of(reference('HealthcareService')),
  telecom: dropped,
  availableTime: dropped,
  notAvailable: dropped,
  availabilityExceptions: dropped,
  endpoint: dropped,
});

/** Those that are over, or of which something nobody here knows changes the meaning, are left out. */
const isShown = ({ active, modifierExtension }: Json): boolean =>
  (active === undefined || active === true) && modifierExtension === undefined;

/** DSTU2 has one code where R4 has several: each is a role of its own there, alike in all else, so that none is lost. */
function withOneCode(one: Json): readonly Json[] {
  const codes = listOf(one['code']);
  return codes.length < 2 ? [one] : codes.map((code) => ({ ...one, code: [code] }));
}

function addRoles(into: Draft, _from: Json, context: Context): void {
  const made = context.roles
    .filter(isShown)
    .flatMap(withOneCode)
    .map((one) => role(one, context));
  const told = made.filter(isObject);
  if (told.length > 0) into['practitionerRole'] = told;
}
