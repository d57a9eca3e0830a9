import { concept } from './coding.ts';
import { type Conversion, hiddenByOptional } from './conversion.ts';
import { address, contactPoint, identifier } from './datatypes.ts';
import { type Codes, coded, codes, dropped, firstOf, kept, of, shape } from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

export const LOCATION_STATUS: Codes = codes({ active: 'active', suspended: 'suspended', inactive: 'inactive' });
export const LOCATION_MODE: Codes = codes({ instance: 'instance', kind: 'kind' });

const position = shape({ longitude: kept, latitude: kept, altitude: kept }, 'longitude', 'latitude');

export const location: Conversion = {
  type: 'Location',
  rules: resourceRules({
    identifier: of(identifier),
    status: coded(LOCATION_STATUS),
    operationalStatus: dropped,
    name: kept,
    alias: dropped,
    description: kept,
    mode: coded(LOCATION_MODE),
    type: firstOf(concept),
    telecom: of(contactPoint),
    address: of(address),
    physicalType: of(concept),
    position: of(position),
    managingOrganization: of(reference('Organization')),
    partOf: of(reference('Location')),
    hoursOfOperation: dropped,
    availabilityExceptions: dropped,
    endpoint: dropped,
  }),
  // Both elements are modifiers in DSTU2.
  hiddenBy: (from) =>
    hiddenByOptional(from, 'status', LOCATION_STATUS) ??
    (hiddenByOptional(from, 'mode', LOCATION_MODE) === undefined ? undefined : 'mode-not-understood'),
  required: [],
  profiles: [],
};
