import type { Resource } from '../../core/version.ts';
import { elementsAt } from '../../store/elements.ts';
import { isReported } from '../clinical-status.ts';
import { choiceText, conceptText, dayOf, lineAt, lineOf, linesOf, periodText } from './plain-text.ts';
import type { SectionKey } from './sections.ts';

/** Finds the resource that a reference points to; undefined if it isn't in the document. */
export type LookUp = (reference: unknown) => Resource | undefined;

export interface Column {
  readonly title: string;
  readonly told: (resource: Resource, lookUp: LookUp) => string;
}

const column = (title: string, toText: Column['told']): Column => ({ title, told: toText });
const nameColumn = column('Name', (resource) => conceptText(resource['code']));
const statusColumn = column('Status', (resource) => lineAt(resource, 'status'));
/** The status together with a fact that changes its meaning. */
const statusWith = (more: (resource: Resource) => string): Column =>
  column('Status', (resource) => [lineAt(resource, 'status'), more(resource)].filter((text) => text !== '').join(', '));
const CLINICAL_STATUS_COLUMN = column('Status', (resource) =>
  [resource['clinicalStatus'], resource['verificationStatus']]
    .map(conceptText)
    .filter((text) => text !== '')
    .join(', '),
);
const effectiveColumn = column(
  'Date',
  (resource) => choiceText(resource, 'effective') || dayOf(elementsAt(resource, 'issued')[0]),
);
const onsetColumn = column(
  'Since',
  (resource) => choiceText(resource, 'onset') || dayOf(elementsAt(resource, 'recordedDate')[0]),
);
const resultColumns = [nameColumn, column('Result', resultText), effectiveColumn, statusColumn];
const problemColumns = [nameColumn, CLINICAL_STATUS_COLUMN, onsetColumn];

export const COLUMNS: Readonly<Record<SectionKey, readonly Column[]>> = {
  problems: problemColumns,
  allergies: [
    column('Substance', (resource) => conceptText(resource['code'])),
    column('Reaction', (resource) => linesOf(resource, 'reaction.manifestation', conceptText)),
    column('Severity', (resource) => linesOf(resource, 'reaction.severity', lineOf)),
    column('Risk', (resource) => lineAt(resource, 'criticality')),
    CLINICAL_STATUS_COLUMN,
    onsetColumn,
  ],
  medications: [
    column('Medication', medicationText),
    column('How to take it', (resource) =>
      linesOf(resource, resource.resourceType === 'MedicationRequest' ? 'dosageInstruction' : 'dosage', (dosage) =>
        lineAt(dosage, 'text', 'patientInstruction'),
      ),
    ),
    statusWith((resource) => (isReported(resource) ? 'reported' : '')),
    column(
      'Date',
      (resource) => choiceText(resource, 'effective') || dayOf(lineAt(resource, 'authoredOn', 'dateAsserted')),
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
    column('Device', (resource) => conceptText(resource['type']) || lineAt(resource, 'deviceName.name')),
    column('Identifier', (resource) => lineAt(resource, 'udiCarrier.deviceIdentifier', 'distinctIdentifier')),
    statusColumn,
  ],
  'past-problems': [...problemColumns, column('Until', (resource) => choiceText(resource, 'abatement'))],
  pregnancy: resultColumns,
  'social-history': resultColumns,
  'vital-signs': resultColumns,
  'plan-of-care': [
    column(
      'Plan',
      (resource) => lineAt(resource, 'title', 'description') || linesOf(resource, 'category', conceptText),
    ),
    column('Time', (resource) => periodText(resource['period'])),
    statusColumn,
  ],
  'advance-directives': [
    column('Document', (resource) => lineAt(resource, 'description') || conceptText(resource['type'])),
    column('Date', (resource) => dayOf(elementsAt(resource, 'date')[0])),
    statusWith((resource) => lineAt(resource, 'docStatus')),
  ],
};

function medicationText(resource: Resource, lookUp: LookUp): string {
  const reference = resource['medicationReference'];
  const contained = elementsAt(resource, 'contained').find(
    (one) => lineAt(reference, 'reference') === `#${lineAt(one, 'id')}`,
  );
  const medication = contained ?? lookUp(reference);
  return (
    conceptText(resource['medicationCodeableConcept']) ||
    conceptText(elementsAt(medication, 'code')[0]) ||
    lineAt(reference, 'display')
  );
}

/** The value with its interpretation; for a panel the value of each component; for a report its conclusion. */
function resultText(resource: Resource): string {
  const own = valueText(resource);
  const parts = linesOf(resource, 'component', (part) => {
    const value = valueText(part);
    return value === '' ? '' : `${conceptText(elementsAt(part, 'code')[0])}: ${value}`;
  });
  const conclusion = lineAt(resource, 'conclusion') || linesOf(resource, 'conclusionCode', conceptText);
  return [own, parts, conclusion].filter((text) => text !== '').join('; ');
}

function valueText(node: unknown): string {
  const value = choiceText(node, 'value') || conceptText(elementsAt(node, 'dataAbsentReason')[0]);
  const interpretation = linesOf(node, 'interpretation', conceptText);
  return value === '' || interpretation === '' ? value : `${value} (${interpretation})`;
}
