import { concept } from './coding.ts';
import { type Conversion, isUnclearFlag } from './conversion.ts';
import { absentBecause } from './data-absent.ts';
import { address, contactPoint, humanName, identifier } from './datatypes.ts';
import { dropped, firstOf, kept, of, shape } from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

const contact = shape({
  purpose: of(concept),
  name: of(humanName),
  telecom: of(contactPoint),
  address: of(address),
});

export const organization: Conversion = {
  type: 'Organization',
  rules: resourceRules({
    identifier: of(identifier),
    active: kept,
    type: firstOf(concept),
    name: kept,
    alias: dropped,
    telecom: of(contactPoint),
    address: of(address),
    partOf: of(reference('Organization')),
    contact: of(contact),
    endpoint: dropped,
  }),
  hiddenBy: (from) => (isUnclearFlag(from['active']) ? 'active-not-understood' : undefined),
  // FHIR DSTU2, org-1: an identifier that is old, which DSTU2 can't say, may have been all that there was
  complete: (into) => {
    if (ANYTHING.every((name) => into[name] === undefined)) into['_name'] = absentBecause('unknown');
  },
  required: [],
  profiles: [],
};
const ANYTHING = ['identifier', 'name', '_name'];
