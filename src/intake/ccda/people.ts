import { isObject, itemsAt, textAt } from '../../kernel/index.ts';
import { type FhirObject, present, withoutEmpty } from './fhir-object.ts';
import { toFhirDate, toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, nodeAt, nodesAt } from './tree.ts';
import { toConcept, toIdentifiers } from './values.ts';

const GENDERS: Readonly<Record<string, string>> = { F: 'female', M: 'male', UN: 'other', UNK: 'unknown' };

/**
 * Returns the elements of the patient that the library leaves out, or to which it adds precision that isn't in the
 * document.
 */
export function patientElements(document: CdaNode, patient: FhirObject, timeZone: string): FhirObject {
  const node = nodeAt(document, 'recordTarget.patientRole.patient');
  const birth = attributeAt(node, 'birthTime.value');
  const maritalStatus = toConcept(nodeAt(node, 'maritalStatusCode'));
  return {
    ...patient,
    gender: GENDERS[attributeAt(node, 'administrativeGenderCode.code') ?? ''],
    birthDate: birth === undefined ? undefined : toFhirDate(birth),
    ...deceasedElements(node, timeZone),
    maritalStatus,
    communication: nodesAt(node, 'languageCommunication').map(toCommunication),
    extension: Array.isArray(patient['extension']) ? patient['extension'].map(withText) : undefined,
  };
}

function deceasedElements(node: CdaNode | undefined, timeZone: string): FhirObject {
  const time = attributeAt(node, 'sdtc:deceasedTime.value');
  const deceasedDateTime = time === undefined ? undefined : toFhirDateTime(time, timeZone);
  if (deceasedDateTime !== undefined) return { deceasedDateTime };
  const isDeceased = attributeAt(node, 'sdtc:deceasedInd.value');
  return { deceasedBoolean: isDeceased === undefined ? undefined : isDeceased === 'true' };
}

function toCommunication(node: CdaNode): FhirObject | undefined {
  const code = attributeAt(node, 'languageCode.code');
  const isPreferred = attributeAt(node, 'preferenceInd.value');
  if (code === undefined) return undefined;
  return present({
    language: { coding: [{ system: 'urn:ietf:bcp:47', code }], text: languageName(code) },
    preferred: isPreferred === undefined ? undefined : isPreferred === 'true',
  });
}

function languageName(code: string): string | undefined {
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(code);
  } catch {
    return undefined;
  }
}

/** US Core requires a text of race and ethnicity. */
function withText(extension: unknown): unknown {
  const { url, extension: parts } = Object(extension) as FhirObject;
  if (!Array.isArray(parts) || !/us-core-(?:race|ethnicity)$/.test(String(url))) return extension;
  const names = parts
    .map((part) => Object(Object(part).valueCoding).display)
    .filter((name) => typeof name === 'string');
  return names.length === 0
    ? extension
    : { url, extension: [...parts, { url: 'text', valueString: names.join(', ') }] };
}

/**
 * Converts an author or performer: the person if there is one, and otherwise the organization or device.
 * @returns undefined if the document says nothing about who it is
 */
export function toActor(assigned: CdaNode): FhirObject | undefined {
  const name = nodesAt(assigned, 'assignedPerson.name')
    .map(toHumanName)
    .filter((one) => one !== undefined);
  const identifier = toIdentifiers(nodesAt(assigned, 'id'));
  const organization = nodeAt(assigned, 'representedOrganization');
  const organizationName = contentAt(organization, 'name');
  if (name.length === 0 && organizationName !== undefined)
    return present({
      resourceType: 'Organization',
      identifier: toIdentifiers(nodesAt(organization, 'id')),
      name: organizationName,
      telecom: nodesAt(organization, 'telecom').map(toContactPoint),
      address: nodesAt(organization, 'addr').map(toAddress),
    });
  if (name.length === 0 && identifier.length === 0) return undefined;
  const profession = toConcept(nodeAt(assigned, 'code'));
  return present({
    resourceType: 'Practitioner',
    identifier,
    name,
    telecom: nodesAt(assigned, 'telecom').map(toContactPoint),
    address: nodesAt(assigned, 'addr').map(toAddress),
    qualification: profession === undefined ? undefined : [{ code: profession }],
  });
}

const TELECOM_SYSTEMS: Readonly<Record<string, string>> = { tel: 'phone', mailto: 'email', fax: 'fax' };
const CONTACT_USES: Readonly<Record<string, string>> = { WP: 'work', HP: 'home', H: 'home', MC: 'mobile' };

function toContactPoint(node: CdaNode): FhirObject | undefined {
  const [, scheme = '', value] = /^(tel|mailto|fax):\s*(.+)$/.exec(attributeAt(node, 'value') ?? '') ?? [];
  if (value === undefined) return undefined;
  return present({ system: TELECOM_SYSTEMS[scheme], value, use: CONTACT_USES[attributeAt(node, 'use') ?? ''] });
}

const toAddress = (node: CdaNode): FhirObject | undefined =>
  present({
    line: textsOf(node, 'streetAddressLine'),
    city: contentAt(node, 'city'),
    state: contentAt(node, 'state'),
    postalCode: contentAt(node, 'postalCode'),
    country: contentAt(node, 'country'),
  });

function toHumanName(node: CdaNode): FhirObject | undefined {
  const whole = contentAt({ node }, 'node');
  const name = present({
    family: textsOf(node, 'family').join(' '),
    given: textsOf(node, 'given'),
    prefix: textsOf(node, 'prefix'),
    suffix: textsOf(node, 'suffix'),
  });
  return name ?? (whole === undefined ? undefined : { text: whole });
}

/** Texts of all child elements with this name. */
const textsOf = (node: CdaNode, name: string): readonly string[] =>
  (Array.isArray(node[name]) ? (node[name] as unknown[]) : [node[name]])
    .map((one) => contentAt({ one }, 'one'))
    .filter((text) => text !== undefined);

/**
 * Removes people and organizations without a name. Pages could only say that there is someone. References to them keep
 * the identifier.
 */
export function withoutUnnamed(resources: readonly FhirObject[]): readonly FhirObject[] {
  const isUnnamed = ({ resourceType, name }: FhirObject) =>
    (resourceType === 'Practitioner' || resourceType === 'Organization') && name === undefined;
  const unnamed = resources.filter(isUnnamed);
  if (unnamed.length === 0) return resources;
  const identifiers = new Map(
    unnamed.map(({ resourceType, id, identifier }) => [
      `${resourceType}/${id}`,
      present({ type: resourceType, identifier: itemsAt({ identifier }, 'identifier')[0] }),
    ]),
  );
  const replaced = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(replaced);
    if (!isObject(value)) return value;
    const name = textAt(value, 'reference') ?? '';
    if (!identifiers.has(name))
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, replaced(one)]));
    const logical = identifiers.get(name);
    return logical?.['identifier'] === undefined ? undefined : logical;
  };
  return resources.filter((one) => !isUnnamed(one)).map((one) => withoutEmpty(replaced(one)) as FhirObject);
}
