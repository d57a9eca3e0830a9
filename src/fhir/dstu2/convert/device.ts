import { annotation } from './annotation.ts';
import { concept } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByOptional, pointsTo } from './conversion.ts';
import { contactPoint, identifier } from './datatypes.ts';
import {
  add,
  addedTo,
  type Codes,
  coded,
  codes,
  dropped,
  type Json,
  kept,
  keptAs,
  likeParts,
  of,
  partly,
  type Rule,
  readElsewhere,
  shape,
  single,
  textOf,
  unmodified,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { reference } from './reference.ts';

/** The status is optional in DSTU2, which has no code `unknown`, so that status is left out. */
export const DEVICE_STATUS: Codes = codes({
  active: 'available',
  inactive: 'not-available',
  'entered-in-error': 'entered-in-error',
});

/** Decodes a base64 barcode; undefined unless it is printable ASCII. */
function barcodeText(data: unknown): string | undefined {
  const text = Buffer.from(textOf(data) ?? '', 'base64').toString('latin1');
  return /^[\x20-\x7e]+$/.test(text) ? text : undefined;
}

/**
 * DSTU2 has a single string for the UDI: the human-readable form of the first carrier, else its device identifier, else
 * the decoded barcode.
 */
const carrier = shape({
  deviceIdentifier: readElsewhere,
  issuer: dropped,
  jurisdiction: dropped,
  carrierAIDC: partly(readElsewhere),
  carrierHRF: readElsewhere,
  entryType: dropped,
});
const oneUdi: Rule = likeParts(carrier, (from, name, into) => {
  const [first] = unmodified(from[name]);
  const readableUdi = textOf(first?.['carrierHRF']) ?? textOf(first?.['deviceIdentifier']);
  const text = readableUdi ?? barcodeText(first?.['carrierAIDC']);
  if (text !== undefined) into['udi'] = text;
});

const asIdentifier =
  (type: Json): Rule =>
  (from, name, into) => {
    const value = textOf(from[name]);
    if (value !== undefined) add(into, 'identifier', [{ type, value }]);
  };
const SERIAL_NUMBER = { coding: [{ system: 'http://hl7.org/fhir/identifier-type', code: 'SNO' }] };

const versionParts = shape({ type: dropped, component: dropped, value: readElsewhere });
const oneVersion: Rule = likeParts(versionParts, (from, name, into) => {
  const [first] = unmodified(from[name]);
  const value = textOf(first?.['value']);
  if (value !== undefined) into[name] = value;
});

export const device: Conversion = {
  type: 'Device',
  rules: resourceRules({
    identifier: addedTo('identifier', identifier),
    definition: dropped,
    udiCarrier: single(oneUdi),
    status: coded(DEVICE_STATUS),
    statusReason: dropped,
    distinctIdentifier: asIdentifier({ text: 'Distinct identification code' }),
    manufacturer: kept,
    manufactureDate: kept,
    expirationDate: keptAs('expiry'),
    lotNumber: kept,
    serialNumber: asIdentifier(SERIAL_NUMBER),
    // The name is used only if the device has no type.
    deviceName: partly(readElsewhere),
    modelNumber: keptAs('model'),
    partNumber: dropped,
    type: of(concept),
    specialization: dropped,
    version: single(oneVersion),
    property: dropped,
    patient: of(reference('Patient')),
    owner: of(reference('Organization')),
    contact: of(contactPoint),
    location: of(reference('Location')),
    url: kept,
    note: of(annotation),
    safety: dropped,
    parent: dropped,
  }),
  hiddenBy: (from) => hiddenByOptional(from, 'status', DEVICE_STATUS, 'unknown'),
  complete: (into, from) => {
    const [firstName] = unmodified(from['deviceName']);
    into['type'] ??= { text: textOf(firstName?.['name']) ?? 'Unknown' };
  },
  required: [],
  profiles: [argonaut('device', (resource) => hasAll(resource, 'type', 'udi') && pointsTo(resource['patient']))],
};
