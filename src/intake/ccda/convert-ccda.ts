import { convertCcdaToFhir } from '@medplum/ccda';
import { derivedUuid, isObject, itemsAt, textAt } from '../../kernel/index.ts';
import { correctCareTeam, correctEncounter, correctGoal, correctProcedure, toServiceRequest } from './care.ts';
import { correctAllergy, correctCondition } from './concerns.ts';
import type { Correction, DocumentContext } from './context.ts';
import { type FhirObject, withoutEmpty } from './fhir-object.ts';
import { readTimestampTag, toLibraryInput, withParts } from './library-input.ts';
import { correctImmunization, correctMedicationRequest } from './medications.ts';
import { correctObservation, labelsOf } from './observations.ts';
import { patientElements, toActor, withoutUnnamed } from './people.ts';
import { readDocument } from './read-document.ts';
import { withStableIds } from './stable-ids.ts';
import { type Statement, selectStatements } from './statements.ts';
import { toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode } from './tree.ts';
import { CODE_SYSTEM_FIXES } from './values.ts';

/** Maximum number of characters in a C-CDA document. The document of a whole life has a few megabytes. */
const MAX_LENGTH = 50_000_000;

export class CcdaError extends Error {}

/** Whether a text is XML rather than JSON. */
export const isXml = (text: string): boolean => /^\uFEFF?\s*</.test(text);

/**
 * Converts a C-CDA document (HL7 CDA R2, C-CDA 2.1) to FHIR resources, as the guide C-CDA on FHIR says. The same
 * document always gives the same ids. Document entities are never expanded.
 * @param timeZone time zone of the times in the document that have no offset
 * @throws {CcdaError} if the document isn't a C-CDA or has a DOCTYPE
 */
export function convertCcda(xml: string, timeZone: string): readonly object[] {
  if (xml.length > MAX_LENGTH) throw new CcdaError('The document is too large.');
  if (/<!DOCTYPE/i.test(xml)) throw new CcdaError('The document has a DOCTYPE, which is not allowed in C-CDA.');
  if (!/<ClinicalDocument[\s>]/.test(xml))
    throw new CcdaError('The file is XML, but not C-CDA: the root element isn’t ClinicalDocument.');
  const document = readDocument(xml);
  if (document === undefined) throw new CcdaError('The document isn’t well-formed XML. It may be truncated.');
  const statements = selectStatements(document);
  const converted = convertStatements(document, statements).map((one) => fixValue(one, timeZone) as FhirObject);
  const patient = converted.find(({ resourceType }) => resourceType === 'Patient');
  if (patient === undefined) throw new CcdaError('The document has no patient (recordTarget).');
  return withoutUnnamed(withStableIds(correctAll(document, statements, converted, patient, timeZone)));
}

function convertStatements(document: CdaNode, statements: readonly Statement[]): readonly FhirObject[] {
  try {
    const bundle: unknown = convertCcdaToFhir(toLibraryInput(document, statements) as never);
    return itemsAt(bundle, 'entry')
      .map((entry) => (isObject(entry) ? entry['resource'] : undefined))
      .filter(isObject);
  } catch {
    throw new CcdaError('The document can’t be read as C-CDA.');
  }
}

const CORRECTIONS: Readonly<Record<string, Correction>> = {
  AllergyIntolerance: correctAllergy,
  CareTeam: correctCareTeam,
  Condition: correctCondition,
  Encounter: correctEncounter,
  Goal: correctGoal,
  Immunization: correctImmunization,
  MedicationRequest: correctMedicationRequest,
  Observation: correctObservation,
  Procedure: correctProcedure,
};

function correctAll(
  document: CdaNode,
  statements: readonly Statement[],
  converted: readonly FhirObject[],
  patient: FhirObject,
  timeZone: string,
): readonly FhirObject[] {
  const byMark = new Map(statements.flatMap(withParts).map((one) => [one.mark, one]));
  const labels = new Map(statements.flatMap((one) => labelsWithin(one, [])));
  const actors: FhirObject[] = [];
  const context: DocumentContext = {
    timeZone,
    writtenAt: attributeAt(document, 'effectiveTime.value'),
    patient: { reference: `Patient/${textAt(patient, 'id')}` },
    addActor(assigned) {
      const actor = assigned && toActor(assigned);
      if (actor === undefined) return undefined;
      const id = derivedUuid('c-cda actor', String(actors.length));
      actors.push({ ...actor, id });
      return { reference: `${textAt(actor, 'resourceType')}/${id}` };
    },
  };
  const corrected = converted.map((resource): FhirObject => {
    const statement = byMark.get(textAt(resource, 'id') ?? '');
    if (resource === patient) return patientElements(document, patient, timeZone);
    const correct = CORRECTIONS[textAt(resource, 'resourceType') ?? ''];
    if (statement === undefined || correct === undefined) return resource;
    // The library claims US Core profiles for resources that don't always meet them. Labels replace them.
    const meta = { security: labels.get(statement.mark) };
    return { ...resource, meta, ...correct(resource, statement, context) };
  });
  const planned = [...byMark.values()]
    .filter(({ kind, tag }) => kind === 'plan' && tag !== 'substanceAdministration')
    .map((one) => toServiceRequest(one, context))
    .filter((one) => one !== undefined);
  return [...corrected, ...planned, ...actors].map((one) => withoutEmpty(one) as FhirObject);
}

/** The labels of a statement apply to the statements inside it. */
function labelsWithin(
  statement: Statement,
  outer: readonly FhirObject[],
): (readonly [string, readonly FhirObject[]])[] {
  const labels = [...outer, ...labelsOf(statement.node)];
  return [[statement.mark, labels], ...statement.parts.flatMap((one) => labelsWithin(one, labels))];
}

/**
 * Fixes what isn't valid R4 in the output of the conversion library: timestamps, code systems, and random ids of
 * elements.
 */
function fixValue(value: unknown, timeZone: string, depth = 0): unknown {
  if (typeof value === 'string') {
    const timestamp = readTimestampTag(value);
    return timestamp === undefined ? (CODE_SYSTEM_FIXES[value] ?? value) : toFhirDateTime(timestamp, timeZone);
  }
  if (Array.isArray(value)) return value.map((one) => fixValue(one, timeZone, depth + 1));
  if (!isObject(value)) return value;
  const members = Object.entries(value).filter(([key]) => depth === 0 || key !== 'id');
  return Object.fromEntries(members.map(([key, inner]) => [key, fixValue(inner, timeZone, depth + 1)]));
}
