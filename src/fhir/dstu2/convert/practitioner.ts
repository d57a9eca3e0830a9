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

/**
 * Converts a PractitionerRole. In DSTU2 it is part of the Practitioner and has neither an id nor availability times.
 */
export const role: Convert = shape({
  // The id belongs to the R4 resource, and the DSTU2 element has none.
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

/** Leaves out roles that have ended, and roles with a modifier extension, which may change their meaning. */
const isVisible = ({ active, modifierExtension }: Json): boolean =>
  (active === undefined || active === true) && modifierExtension === undefined;

/**
 * A DSTU2 role has a single code. A role with several codes becomes several roles that are otherwise equal, so no code
 * is lost.
 */
function withOneCode(one: Json): readonly Json[] {
  const codes = listOf(one['code']);
  return codes.length < 2 ? [one] : codes.map((code) => ({ ...one, code: [code] }));
}

function addRoles(into: Draft, _from: Json, context: Context): void {
  const converted = context.roles
    .filter(isVisible)
    .flatMap(withOneCode)
    .map((one) => role(one, context));
  const roles = converted.filter(isObject);
  if (roles.length > 0) into['practitionerRole'] = roles;
}
