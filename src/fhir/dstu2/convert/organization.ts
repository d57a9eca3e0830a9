import { concept } from './coding.ts';
import { type Conversion, isUnclearFlag } from './conversion.ts';
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
  required: [],
  profiles: [],
};
