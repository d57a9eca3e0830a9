import type { DocumentContext } from './context.ts';
import type { FhirObject } from './fhir-object.ts';
import { toFhirDateTime } from './timestamp.ts';
import { attributeAt, type CdaNode, contentAt, hasTemplate, isNegated, nodeAt, nodesAt } from './tree.ts';
import { toConcept, toIdentifiers } from './values.ts';

/** Identifiers of a statement. The first id is left out: it is the temporary one that marks the statement. */
export const identifiersOf = (node: CdaNode): readonly FhirObject[] => toIdentifiers(nodesAt(node, 'id').slice(1));

/** When the statement was first recorded: the earliest time of its authors. */
export function recordedAt(nodes: readonly (CdaNode | undefined)[], { timeZone }: DocumentContext): string | undefined {
  const times = nodes
    .flatMap((node) => nodesAt(node, 'author'))
    .map((author) => attributeAt(author, 'time.value'))
    .filter((time) => time !== undefined)
    .toSorted();
  const [earliest] = times;
  return earliest === undefined ? undefined : toFhirDateTime(earliest, timeZone);
}

/** Comments on a statement (Comment Activity). */
export const notesOf = (node: CdaNode | undefined): readonly FhirObject[] =>
  nodesAt(node, 'entryRelationship.act')
    .filter((act) => attributeAt(act, 'code.code') === '48767-8')
    .map((act) => contentAt(act, 'text'))
    .filter((text) => text !== undefined)
    .map((text) => ({ text }));

/** Reasons of a statement (Indication). */
export const reasonsOf = (node: CdaNode): readonly FhirObject[] =>
  nodesAt(node, 'entryRelationship')
    .filter((one) => attributeAt(one, 'typeCode') === 'RSON')
    .flatMap((one) => nodesAt(one, 'observation'))
    // A Priority Preference has the same place, but isn’t a reason.
    .filter((one) => !hasTemplate(one, '2.16.840.1.113883.10.20.22.4.143') && !isNegated(one))
    .map((one) => toConcept(nodeAt(one, 'value')))
    .filter((one) => one !== undefined);

export const actorsOf = (node: CdaNode, { addActor }: DocumentContext): readonly FhirObject[] =>
  nodesAt(node, 'performer.assignedEntity')
    .map((one) => addActor(one))
    .filter((one) => one !== undefined);

export const statusCode = (node: CdaNode): string => attributeAt(node, 'statusCode.code') ?? '';
