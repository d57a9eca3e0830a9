import { isInvalidFlag, type ResourceConversion } from '../conversion.ts';
import { copy, drop, elementConverter, map, mapFirst } from '../conversion-rules.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { dataAbsentSibling } from '../datatypes/data-absent.ts';
import { convertAddress, convertContactPoint, convertHumanName, convertIdentifier } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

const contact = elementConverter({
  purpose: map(convertConcept),
  name: map(convertHumanName),
  telecom: map(convertContactPoint),
  address: map(convertAddress),
});

export const organizationConversion: ResourceConversion = {
  type: 'Organization',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    active: copy,
    type: mapFirst(convertConcept),
    name: copy,
    alias: drop,
    telecom: map(convertContactPoint),
    address: map(convertAddress),
    partOf: map(referenceConverter('Organization')),
    contact: map(contact),
    endpoint: drop,
  }),
  hiddenBy: (from) => (isInvalidFlag(from['active']) ? 'active-not-understood' : undefined),
  // FHIR DSTU2, org-1: an Organization needs an identifier or a name. The only identifier may have been one with the
  // use `old`, which DSTU2 lacks and the conversion leaves out. The name then gets a data-absent-reason.
  complete: (into) => {
    if (IDENTIFYING_ELEMENTS.every((name) => into[name] === undefined)) into['_name'] = dataAbsentSibling('unknown');
  },
  required: [],
  profiles: [],
};
const IDENTIFYING_ELEMENTS = ['identifier', 'name', '_name'];
