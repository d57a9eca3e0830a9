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
 * Converts an R4 PractitionerRole to an element of the DSTU2 Practitioner. The availability times of the role are lost,
 * because DSTU2 has no element for them.
 */
export const convertPractitionerRole: ValueConverter = elementConverter({
  // The id of the PractitionerRole is dropped, because in DSTU2 the role is an element of the Practitioner and not a
  // resource.
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

/**
 * Whether a PractitionerRole is shown. A role that has ended isn't. Neither is one with a modifier extension, which may
 * change the role's meaning.
 */
const isVisible = ({ active, modifierExtension }: FhirJson): boolean =>
  (active === undefined || active === true) && modifierExtension === undefined;

/**
 * Splits a PractitionerRole with several codes into several roles that are otherwise equal, so no code is lost. A DSTU2
 * role has a single code.
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
