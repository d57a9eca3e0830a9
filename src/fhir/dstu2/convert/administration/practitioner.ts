import { isObject, toList } from '../../../../kernel/index.ts';
import type { ResourceConversion } from '../conversion.ts';
import {
  type ConversionContext,
  copy,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapFirstUnreported,
  type ValueConverter,
} from '../conversion-rules.ts';
import { convertConcept, requiredBindingConverter } from '../datatypes/coding.ts';
import {
  convertAddress,
  convertAttachment,
  convertContactPoint,
  convertIdentifier,
  convertPeriod,
} from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';
import { convertLanguageCoding } from './patient.ts';
import { mapCurrentName } from './person-name.ts';

const qualification = elementConverter(
  {
    identifier: map(convertIdentifier),
    code: map(convertConcept),
    period: map(convertPeriod),
    issuer: map(referenceConverter('Organization')),
  },
  'code',
);

export const practitionerConversion: ResourceConversion = {
  type: 'Practitioner',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    active: copy,
    name: mapCurrentName,
    telecom: map(convertContactPoint),
    address: map(convertAddress),
    gender: copy,
    birthDate: copy,
    photo: map(convertAttachment),
    qualification: map(qualification),
    communication: map(requiredBindingConverter(convertLanguageCoding)),
  }),
  complete: addRoles,
  required: [],
  profiles: [],
};

/**
 * Converts a PractitionerRole. In DSTU2 it is part of the Practitioner and has neither an id nor availability times.
 */
export const convertPractitionerRole: ValueConverter = elementConverter({
  // The id belongs to the R4 resource, and the DSTU2 element has none.
  id: drop,
  modifierExtension: handledElsewhere,
  extension: drop,
  identifier: drop,
  active: handledElsewhere,
  period: map(convertPeriod),
  practitioner: handledElsewhere,
  organization: map(referenceConverter('Organization'), 'managingOrganization'),
  code: mapFirstUnreported(convertConcept, 'role'),
  specialty: map(convertConcept),
  location: map(referenceConverter('Location')),
  healthcareService: map(referenceConverter('HealthcareService')),
  telecom: drop,
  availableTime: drop,
  notAvailable: drop,
  availabilityExceptions: drop,
  endpoint: drop,
});

/** Leaves out roles that have ended, and roles with a modifier extension, which may change their meaning. */
const isVisible = ({ active, modifierExtension }: FhirJson): boolean =>
  (active === undefined || active === true) && modifierExtension === undefined;

/**
 * A DSTU2 role has a single code. A role with several codes becomes several roles that are otherwise equal, so no code
 * is lost.
 */
function withOneCode(one: FhirJson): readonly FhirJson[] {
  const codes = toList(one['code']);
  return codes.length < 2 ? [one] : codes.map((code) => ({ ...one, code: [code] }));
}

function addRoles(into: DraftElement, _from: FhirJson, context: ConversionContext): void {
  const converted = context.roles
    .filter(isVisible)
    .flatMap(withOneCode)
    .map((one) => convertPractitionerRole(one, context));
  const roles = converted.filter(isObject);
  if (roles.length > 0) into['practitionerRole'] = roles;
}
