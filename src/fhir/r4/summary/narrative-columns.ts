import type { Resource } from '../../model/fhir-version.ts';
import { elementsAt } from '../../store/index/elements.ts';
import { isReported } from '../clinical-status.ts';
import { choiceText, conceptText, firstLineAt, joinLinesAt, periodText, toDay, toLine } from './plain-text.ts';
import type { SectionKey } from './sections.ts';

/** Finds the resource that a reference points to. Returns undefined if it isn't in the summary document. */
export type ResourceLookup = (reference: unknown) => Resource | undefined;

export interface NarrativeColumn {
  readonly title: string;
  readonly toText: (resource: Resource, lookup: ResourceLookup) => string;
}

const column = (title: string, toText: NarrativeColumn['toText']): NarrativeColumn => ({ title, toText });
const nameColumn = column('Name', (resource) => conceptText(resource['code']));
const statusColumn = column('Status', (resource) => firstLineAt(resource, 'status'));
/**
 * Builds the column "Status", which shows the status and a fact that changes its meaning, such as `reported` for a
 * medication.
 */
const statusWith = (more: (resource: Resource) => string): NarrativeColumn =>
  column('Status', (resource) =>
    [firstLineAt(resource, 'status'), more(resource)].filter((text) => text !== '').join(', '),
  );
const CLINICAL_STATUS_COLUMN = column('Status', (resource) =>
  [resource['clinicalStatus'], resource['verificationStatus']]
    .map(conceptText)
    .filter((text) => text !== '')
    .join(', '),
);
const effectiveColumn = column(
  'Date',
  (resource) => choiceText(resource, 'effective') || toDay(elementsAt(resource, 'issued')[0]),
);
const onsetColumn = column(
  'Since',
  (resource) => choiceText(resource, 'onset') || toDay(elementsAt(resource, 'recordedDate')[0]),
);
const resultColumns = [nameColumn, column('Result', resultText), effectiveColumn, statusColumn];
const problemColumns = [nameColumn, CLINICAL_STATUS_COLUMN, onsetColumn];

export const COLUMNS: Readonly<Record<SectionKey, readonly NarrativeColumn[]>> = {
  problems: problemColumns,
  allergies: [
    column('Substance', (resource) => conceptText(resource['code'])),
    column('Reaction', (resource) => joinLinesAt(resource, 'reaction.manifestation', conceptText)),
    column('Severity', (resource) => joinLinesAt(resource, 'reaction.severity', toLine)),
    column('Risk', (resource) => firstLineAt(resource, 'criticality')),
    CLINICAL_STATUS_COLUMN,
    onsetColumn,
  ],
  medications: [
    column('Medication', medicationText),
    column('How to take it', (resource) =>
      joinLinesAt(resource, resource.resourceType === 'MedicationRequest' ? 'dosageInstruction' : 'dosage', (dosage) =>
        firstLineAt(dosage, 'text', 'patientInstruction'),
      ),
    ),
    statusWith((resource) => (isReported(resource) ? 'reported' : '')),
    column(
      'Date',
      (resource) => choiceText(resource, 'effective') || toDay(firstLineAt(resource, 'authoredOn', 'dateAsserted')),
    ),
  ],
  immunizations: [
    column('Vaccine', (resource) => conceptText(resource['vaccineCode'])),
    column('Date', (resource) => choiceText(resource, 'occurrence')),
    statusWith((resource) => (resource['isSubpotent'] === true ? 'subpotent dose' : '')),
  ],
  results: resultColumns,
  procedures: [nameColumn, column('Date', (resource) => choiceText(resource, 'performed')), statusColumn],
  devices: [
    column('Device', (resource) => conceptText(resource['type']) || firstLineAt(resource, 'deviceName.name')),
    column('Identifier', (resource) => firstLineAt(resource, 'udiCarrier.deviceIdentifier', 'distinctIdentifier')),
    statusColumn,
  ],
  'past-problems': [...problemColumns, column('Until', (resource) => choiceText(resource, 'abatement'))],
  pregnancy: resultColumns,
  'social-history': resultColumns,
  'vital-signs': resultColumns,
  'plan-of-care': [
    column(
      'Plan',
      (resource) => firstLineAt(resource, 'title', 'description') || joinLinesAt(resource, 'category', conceptText),
    ),
    column('Time', (resource) => periodText(resource['period'])),
    statusColumn,
  ],
  'advance-directives': [
    column('Document', (resource) => firstLineAt(resource, 'description') || conceptText(resource['type'])),
    column('Date', (resource) => toDay(elementsAt(resource, 'date')[0])),
    statusWith((resource) => firstLineAt(resource, 'docStatus')),
  ],
};

function medicationText(resource: Resource, lookup: ResourceLookup): string {
  const reference = resource['medicationReference'];
  const contained = elementsAt(resource, 'contained').find(
    (one) => firstLineAt(reference, 'reference') === `#${firstLineAt(one, 'id')}`,
  );
  const medication = contained ?? lookup(reference);
  return (
    conceptText(resource['medicationCodeableConcept']) ||
    conceptText(elementsAt(medication, 'code')[0]) ||
    firstLineAt(reference, 'display')
  );
}

/** Describes a result: its value and interpretation, the value of each component, and the conclusion of a report. */
function resultText(resource: Resource): string {
  const own = valueText(resource);
  const parts = joinLinesAt(resource, 'component', (part) => {
    const value = valueText(part);
    return value === '' ? '' : `${conceptText(elementsAt(part, 'code')[0])}: ${value}`;
  });
  const conclusion = firstLineAt(resource, 'conclusion') || joinLinesAt(resource, 'conclusionCode', conceptText);
  return [own, parts, conclusion].filter((text) => text !== '').join('; ');
}

function valueText(node: unknown): string {
  const value = choiceText(node, 'value') || conceptText(elementsAt(node, 'dataAbsentReason')[0]);
  const interpretation = joinLinesAt(node, 'interpretation', conceptText);
  return value === '' || interpretation === '' ? value : `${value} (${interpretation})`;
}
