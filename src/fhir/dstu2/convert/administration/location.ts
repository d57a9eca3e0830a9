import { hiddenByOptionalStatus, type ResourceConversion } from '../conversion.ts';
import { type CodeMap, codeMap, copy, drop, elementConverter, map, mapCode, mapFirst } from '../conversion-rules.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertAddress, convertContactPoint, convertIdentifier } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const LOCATION_STATUS: CodeMap = codeMap({ active: 'active', suspended: 'suspended', inactive: 'inactive' });
export const LOCATION_MODE: CodeMap = codeMap({ instance: 'instance', kind: 'kind' });

const position = elementConverter({ longitude: copy, latitude: copy, altitude: copy }, 'longitude', 'latitude');

export const locationConversion: ResourceConversion = {
  type: 'Location',
  rules: resourceRules({
    identifier: map(convertIdentifier),
    status: mapCode(LOCATION_STATUS),
    operationalStatus: drop,
    name: copy,
    alias: drop,
    description: copy,
    mode: mapCode(LOCATION_MODE),
    type: mapFirst(convertConcept),
    telecom: map(convertContactPoint),
    address: map(convertAddress),
    physicalType: map(convertConcept),
    position: map(position),
    managingOrganization: map(referenceConverter('Organization')),
    partOf: map(referenceConverter('Location')),
    hoursOfOperation: drop,
    availabilityExceptions: drop,
    endpoint: drop,
  }),
  // Location.status and Location.mode are modifier elements in DSTU2, so a location with a code that DSTU2 lacks is
  // hidden.
  hiddenBy: (from) =>
    hiddenByOptionalStatus(from, 'status', LOCATION_STATUS) ??
    (hiddenByOptionalStatus(from, 'mode', LOCATION_MODE) === undefined ? undefined : 'mode-not-understood'),
  required: [],
  profiles: [],
};
