import { convertCcdaToFhir, convertXmlToCcda } from '@medplum/ccda';
import { SaxesParser } from 'saxes';
import { derivedUuid, isObject, itemsAt, sha256, textAt } from '../../kernel/index.ts';

/** Maximum number of characters in a C-CDA document. The document of a whole life has a few megabytes. */
const MAX_LENGTH = 50_000_000;

export class CcdaError extends Error {}

/** Whether a text is XML rather than JSON. */
export const isXml = (text: string): boolean => /^\uFEFF?\s*</.test(text);

/**
 * Converts a C-CDA document (HL7 CDA R2, C-CDA 2.1) to FHIR resources. The same document always gives the same ids.
 * Document entities are never expanded.
 * @throws {CcdaError} if the document isn't a C-CDA or has a DOCTYPE
 */
export function convertCcda(xml: string): readonly object[] {
  if (xml.length > MAX_LENGTH) throw new CcdaError('The document is too large.');
  if (/<!DOCTYPE/i.test(xml)) throw new CcdaError('The document has a DOCTYPE, which is not allowed in C-CDA.');
  if (!/<ClinicalDocument[\s>]/.test(xml))
    throw new CcdaError('The file is XML, but not C-CDA: the root element isn’t ClinicalDocument.');
  if (!isWellFormed(xml)) throw new CcdaError('The document isn’t well-formed XML. It may be truncated.');
  const entries = itemsAt(convertDocument(xml), 'entry').map((entry) =>
    isObject(entry) ? entry['resource'] : undefined,
  );
  const resources = entries.filter(isObject).map(fixResource);
  if (!resources.some(({ resourceType }) => resourceType === 'Patient'))
    throw new CcdaError('The document has no patient (recordTarget).');
  return withStableIds(resources);
}

/**
 * Whether a document is well-formed XML. This is checked because the conversion library accepts truncated documents.
 */
function isWellFormed(xml: string): boolean {
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  try {
    parser.write(xml).close();
    return true;
  } catch {
    return false;
  }
}

function convertDocument(xml: string): unknown {
  try {
    return convertCcdaToFhir(convertXmlToCcda(xml));
  } catch {
    throw new CcdaError('The document can’t be read as C-CDA.');
  }
}

type CcdaResource = Record<string, unknown>;

/**
 * Replaces the ids of converted resources with ids that are derived from their content. The conversion library creates
 * random ids unless the document contains an id.
 */
function withStableIds(resources: readonly CcdaResource[]): readonly object[] {
  const names = new Map(resources.map((one) => [resourceName(one), stableName(one, resources)]));
  const renamed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(renamed);
    if (!isObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        key === 'reference' && typeof inner === 'string' ? (names.get(inner) ?? inner) : renamed(inner),
      ]),
    );
  };
  return resources.map((one) => {
    const id = names.get(resourceName(one))?.split('/')[1];
    return { ...(renamed(one) as CcdaResource), id };
  });
}

const resourceName = (resource: CcdaResource): string =>
  `${textAt(resource, 'resourceType')}/${textAt(resource, 'id')}`;

/**
 * Returns a text from which the id of a converted resource is derived. It depends on the type, the patient, and the
 * first identifier, which stays the same when the document is corrected. Without an identifier, it depends on the
 * content without its references.
 */
function stableName(resource: CcdaResource, all: readonly CcdaResource[]): string {
  const type = textAt(resource, 'resourceType') ?? '';
  const patient = all.find((one) => one['resourceType'] === 'Patient');
  const patientKey = resourceKey(patient ?? {});
  const contentKey = resourceKey(resource);
  const same = all.filter((one) => one['resourceType'] === type && resourceKey(one) === contentKey);
  const occurrence = same.length > 1 ? String(same.indexOf(resource)) : '';
  return `${type}/${derivedUuid('patient-access c-cda', type === 'Patient' ? '' : patientKey, type, contentKey, occurrence)}`;
}

function resourceKey(resource: CcdaResource): string {
  const [identifier] = itemsAt(resource, 'identifier');
  const value = textAt(identifier, 'value');
  if (value !== undefined) return `${textAt(identifier, 'system') ?? ''}|${value}`;
  return sha256(
    JSON.stringify(resource, (key, inner) => (key === 'id' || key === 'reference' ? undefined : inner)),
  ).toString('hex');
}

/**
 * Fixes output of the conversion library that isn't valid R4: empty arrays, random element ids, and time zones without
 * a colon.
 */
function fixResource(resource: CcdaResource): CcdaResource {
  const { id, ...elements } = resource;
  const fixed = { ...(fixValue(elements) as CcdaResource | undefined), id };
  return hasEnded(fixed) ? { ...fixed, clinicalStatus: RESOLVED } : fixed;
}

/**
 * Whether a Condition has ended. Such a Condition gets the status `resolved`, because it can't be active (FHIR R4,
 * con-4).
 */
const hasEnded = ({ resourceType, abatementDateTime }: CcdaResource): boolean =>
  resourceType === 'Condition' && abatementDateTime !== undefined;
const RESOLVED = {
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/condition-clinical', code: 'resolved' }],
};

function fixValue(value: unknown): unknown {
  if (typeof value === 'string')
    return ZONE_WITHOUT_COLON.test(value)
      ? value.replace(ZONE_WITHOUT_COLON, '$1:$2')
      : (CODE_SYSTEM_FIXES[value] ?? value);
  if (Array.isArray(value)) {
    const items = value.map(fixValue).filter((one) => one !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (!isObject(value)) return value;
  const members = Object.entries(value)
    .filter(([key]) => key !== 'id')
    .map(([key, inner]) => [key, fixValue(inner)] as const)
    .filter(([, inner]) => inner !== undefined);
  return members.length === 0 ? undefined : Object.fromEntries(members);
}

const ZONE_WITHOUT_COLON = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?[+-]\d\d)(\d\d)$/;

/** Code system URLs that the conversion library writes, with the URLs that R4 defines. */
const CODE_SYSTEM_FIXES: Readonly<Record<string, string>> = {
  'http://terminology.hl7.org/CodeSystem/condition-verification':
    'http://terminology.hl7.org/CodeSystem/condition-ver-status',
};
