import { type FhirObject, present } from './fhir-object.ts';
import { toFhirDate, toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, nodeAt, nodesAt } from './tree.ts';
import { toConcept, toIdentifiers } from './values.ts';

const GENDERS: Readonly<Record<string, string>> = { F: 'female', M: 'male', UN: 'other', UNK: 'unknown' };

/** Returns the elements of the patient that the library leaves out or makes more precise than the document. */
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
    language: { coding: [{ system: 'urn:ietf:bcp:47', code }] },
    preferred: isPreferred === undefined ? undefined : isPreferred === 'true',
  });
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
    });
  if (name.length === 0 && identifier.length === 0) return undefined;
  return present({ resourceType: 'Practitioner', identifier, name });
}

function toHumanName(node: CdaNode): FhirObject | undefined {
  const parts = (tag: string) =>
    (Array.isArray(node[tag]) ? node[tag] : [node[tag]])
      .map((_, index, all) => contentAt({ part: all[index] }, 'part'))
      .filter((text) => text !== undefined);
  const whole = contentAt({ node }, 'node');
  const name = present({
    family: parts('family').join(' '),
    given: parts('given'),
    prefix: parts('prefix'),
    suffix: parts('suffix'),
  });
  return name ?? (whole === undefined ? undefined : { text: whole });
}
