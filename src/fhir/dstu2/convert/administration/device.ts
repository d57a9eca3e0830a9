import { nonEmptyText } from '../../../../kernel/index.ts';
import {
  argonautProfile,
  hasAll,
  hasReference,
  hiddenByOptionalStatus,
  type ResourceConversion,
} from '../conversion.ts';
import {
  append,
  appendTo,
  type CodeMap,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  markPartly,
  markSingle,
  rename,
  withoutModifierExtensions,
  withPartsOf,
} from '../conversion-rules.ts';
import { convertAnnotation } from '../datatypes/annotation.ts';
import { convertConcept } from '../datatypes/coding.ts';
import { convertContactPoint, convertIdentifier } from '../datatypes/datatypes.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

/**
 * DSTU2 codes of R4 Device.status. DSTU2 has no code `unknown`, and the status is optional there, so an unknown status
 * is left out.
 */
export const DEVICE_STATUS: CodeMap = codeMap({
  active: 'available',
  inactive: 'not-available',
  'entered-in-error': 'entered-in-error',
});

/** Decodes a base64 barcode. Returns undefined unless the result is printable ASCII. */
function barcodeText(data: unknown): string | undefined {
  const text = Buffer.from(nonEmptyText(data) ?? '', 'base64').toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

/**
 * Converts one UDI carrier. DSTU2 has a single string for the UDI: the human-readable form of the first carrier, else
 * its device identifier, else the decoded barcode.
 */
const carrier = elementConverter({
  deviceIdentifier: handledElsewhere,
  issuer: drop,
  jurisdiction: drop,
  carrierAIDC: markPartly(handledElsewhere),
  carrierHRF: handledElsewhere,
  entryType: drop,
});
const oneUdi: ConversionRule = withPartsOf(carrier, (from, name, into) => {
  const [first] = withoutModifierExtensions(from[name]);
  const readableUdi = nonEmptyText(first?.['carrierHRF']) ?? nonEmptyText(first?.['deviceIdentifier']);
  const text = readableUdi ?? barcodeText(first?.['carrierAIDC']);
  if (text !== undefined) into['udi'] = text;
});

const asIdentifier =
  (type: FhirJson): ConversionRule =>
  (from, name, into) => {
    const value = nonEmptyText(from[name]);
    if (value !== undefined) append(into, 'identifier', [{ type, value }]);
  };
const SERIAL_NUMBER = { coding: [{ system: 'http://hl7.org/fhir/identifier-type', code: 'SNO' }] };

const versionParts = elementConverter({ type: drop, component: drop, value: handledElsewhere });
const oneVersion: ConversionRule = withPartsOf(versionParts, (from, name, into) => {
  const [first] = withoutModifierExtensions(from[name]);
  const value = nonEmptyText(first?.['value']);
  if (value !== undefined) into[name] = value;
});

export const deviceConversion: ResourceConversion = {
  type: 'Device',
  rules: resourceRules({
    identifier: appendTo('identifier', convertIdentifier),
    definition: drop,
    udiCarrier: markSingle(oneUdi),
    status: mapCode(DEVICE_STATUS),
    statusReason: drop,
    distinctIdentifier: asIdentifier({ text: 'Distinct identification code' }),
    manufacturer: copy,
    manufactureDate: copy,
    expirationDate: rename('expiry'),
    lotNumber: copy,
    serialNumber: asIdentifier(SERIAL_NUMBER),
    // The device name becomes the DSTU2 type, but only if the device has no type of its own.
    deviceName: markPartly(handledElsewhere),
    modelNumber: rename('model'),
    partNumber: drop,
    type: map(convertConcept),
    specialization: drop,
    version: markSingle(oneVersion),
    property: drop,
    patient: map(referenceConverter('Patient')),
    owner: map(referenceConverter('Organization')),
    contact: map(convertContactPoint),
    location: map(referenceConverter('Location')),
    url: copy,
    note: map(convertAnnotation),
    safety: drop,
    parent: drop,
  }),
  hiddenBy: (from) => hiddenByOptionalStatus(from, 'status', DEVICE_STATUS, 'unknown'),
  complete: (into, from) => {
    const [firstName] = withoutModifierExtensions(from['deviceName']);
    into['type'] ??= { text: nonEmptyText(firstName?.['name']) ?? 'Unknown' };
  },
  required: [],
  profiles: [
    argonautProfile('device', (resource) => hasAll(resource, 'type', 'udi') && hasReference(resource['patient'])),
  ],
};
