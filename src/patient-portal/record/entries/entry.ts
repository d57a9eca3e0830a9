import { elementsAt, isEnteredInError, isPlanned, isProhibited, isRefuted } from '../../../fhir/index.ts';
import type { ResourceReader } from '../resource-reader.ts';

/** Texts that the page shows for one resource of the record. */
export interface RecordEntryText {
  readonly title: string | undefined;
  /** Formatted date. undefined if no date is recorded, and empty if resources of this kind have no date. */
  readonly date: string | undefined;
  /** Label and text of each fact about the resource. A fact with an empty label is shown as a note. */
  readonly facts: readonly (readonly [name: string, text: string | undefined])[];
  /** Facts whose text the reader has to open, such as the number of a passport. */
  readonly hiddenFacts?: readonly (readonly [name: string, text: string | undefined])[];
}

export type EntryDescriber = (resource: unknown, reader: ResourceReader) => RecordEntryText;

/**
 * Formats the status of a resource. Labels depend on the resource type, because the same code means different things
 * for a medicine and a device.
 */
export function formatStatus(resource: unknown, reader: ResourceReader, path = 'status'): string | undefined {
  const { codeLabel, messages } = reader;
  if (isEnteredInError(resource)) return messages.enteredInError;
  if (isRefuted(resource)) return messages.statuses['refuted'];
  const status = codeLabel(resource, path, {
    ...messages.statuses,
    ...labelsForType(resource, messages.statusesByType),
  });
  const active = elementsAt(resource, path).includes('active');
  // For a prohibited activity, `active` means that the prohibition is in effect. The usual label would read as if the
  // activity were taking place.
  if (active && isProhibited(resource)) return messages.inEffect;
  const intent = formatIntent(resource, reader);
  if (intent === undefined) return status;
  return active || status === undefined ? intent : `${intent}. ${status}`;
}

/**
 * Returns the label of an intent other than an order, such as a proposal. undefined for orders and for types without an
 * intent.
 */
function formatIntent(resource: unknown, { codeLabel, messages }: ResourceReader): string | undefined {
  const typeLabels = labelsForType(resource, messages.requestIntents);
  if (typeLabels === undefined) return undefined;
  const known = elementsAt(resource, 'intent').some(
    (code) => typeof code === 'string' && Object.hasOwn(typeLabels, code),
  );
  const isReportedPlan = elementsAt(resource, 'intent').includes('plan') && !isPlanned(resource);
  return known && !isReportedPlan ? codeLabel(resource, 'intent', typeLabels) : undefined;
}

type LabelsByType = Readonly<Record<string, Readonly<Record<string, string>>>>;

function labelsForType(resource: unknown, byType: LabelsByType): LabelsByType[string] | undefined {
  const [type] = elementsAt(resource, 'resourceType');
  return typeof type === 'string' && Object.hasOwn(byType, type) ? byType[type] : undefined;
}

/**
 * Formats the verification status of a Condition or AllergyIntolerance. undefined if the entry is confirmed, and if it
 * is entered in error or refuted, which `formatStatus` already says.
 */
export function formatCertainty(resource: unknown, { codeLabel, messages }: ResourceReader): string | undefined {
  if (isEnteredInError(resource) || isRefuted(resource)) return undefined;
  const certainty = codeLabel(resource, 'verificationStatus.coding.code', messages.statuses);
  return certainty === messages.statuses['confirmed'] ? undefined : certainty;
}

/**
 * Formats the state of a RelatedPerson, Practitioner or Organization. These types have an `active` flag instead of a
 * status.
 */
export const formatActivity = (resource: unknown, reader: ResourceReader): string | undefined =>
  elementsAt(resource, 'active').includes(false)
    ? reader.messages.statuses['inactive']
    : formatStatus(resource, reader);
