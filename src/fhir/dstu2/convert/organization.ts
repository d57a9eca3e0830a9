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
  // FHIR DSTU2, org-1 requires an identifier or a name. An old identifier, which DSTU2 can't mark as old, may have been
  // the only one.
  complete: (into) => {
    if (IDENTIFYING_ELEMENTS.every((name) => into[name] === undefined)) into['_name'] = absentBecause('unknown');
  },
  required: [],
  profiles: [],
};
const IDENTIFYING_ELEMENTS = ['identifier', 'name', '_name'];
