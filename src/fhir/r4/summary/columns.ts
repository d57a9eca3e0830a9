import type { Resource } from '../../core/version.ts';
import { elementsAt } from '../../store/elements.ts';
import { isReported } from '../clinical-status.ts';
import { choiceText, conceptText, dayOf, lineAt, lineOf, linesOf, periodText } from './plain-text.ts';
import type { SectionKey } from './sections.ts';

/** Looks up what is referred to; undefined: it is not in the document. */
export type LookUp = (reference: unknown) => Resource | undefined;

export interface Column {
  readonly title: string;
  readonly told: (resource: Resource, lookUp: LookUp) => string;
}

const column = (title: string, told: Column['told']): Column => ({ title, told });
const code = column('Name', (resource) => conceptText(resource['code']));
const status = column('Status', (resource) => lineAt(resource, 'status'));
/** The status, with what changes how it is to be read. */
const statusAnd = (more: (resource: Resource) => string): Column =>
  column('Status', (resource) => [lineAt(resource, 'status'), more(resource)].filter((text) => text !== '').join(', '));
const CLINICAL = column('Status', (resource) =>
  [resource['clinicalStatus'], resource['verificationStatus']]
    .map(conceptText)
    .filter((text) => text !== '')
    .join(', '),
);
const effective = column(
  'Date',
  (resource) => choiceText(resource, 'effective') || dayOf(elementsAt(resource, 'issued')[0]),
);
const onset = column(
  'Since',
  (resource) => choiceText(resource, 'onset') || dayOf(elementsAt(resource, 'recordedDate')[0]),
);
const valued = [code, column('Result', resultText), effective, status];
const problem = [code, CLINICAL, onset];

export const COLUMNS: Readonly<Record<SectionKey, readonly Column[]>> = {
  problems: problem,
  allergies: [
    column('Substance', (resource) => conceptText(resource['code'])),
    column('Reaction', (resource) => linesOf(resource, 'reaction.manifestation', conceptText)),
    column('Severity', (resource) => linesOf(resource, 'reaction.severity', lineOf)),
    column('Risk', (resource) => lineAt(resource, 'criticality')),
    CLINICAL,
    onset,
  ],
  medications: [
    column('Medication', medicationText),
    column('How to take it', (resource) =>
      linesOf(resource, resource.resourceType === 'MedicationRequest' ? 'dosageInstruction' : 'dosage', (dosage) =>
        lineAt(dosage, 'text', 'patientInstruction'),
      ),
    ),
    statusAnd((resource) => (isReported(resource) ? 'reported' : '')),
    column(
      'Date',
      (resource) => choiceText(resource, 'effective') || dayOf(lineAt(resource, 'authoredOn', 'dateAsserted')),
    ),
  ],
  immunizations: [
    column('Vaccine', (resource) => conceptText(resource['vaccineCode'])),
    column('Date', (resource) => choiceText(resource, 'occurrence')),
    statusAnd((resource) => (resource['isSubpotent'] === true ? 'subpotent dose' : '')),
  ],
  results: valued,
  procedures: [code, column('Date', (resource) => choiceText(resource, 'performed')), status],
  devices: [
    column('Device', (resource) => conceptText(resource['type']) || lineAt(resource, 'deviceName.name')),
    column('Identifier', (resource) => lineAt(resource, 'udiCarrier.deviceIdentifier', 'distinctIdentifier')),
    status,
  ],
  'past-problems': [...problem, column('Until', (resource) => choiceText(resource, 'abatement'))],
  pregnancy: valued,
  'social-history': valued,
  'vital-signs': valued,
  'plan-of-care': [
    column(
      'Plan',
      (resource) => lineAt(resource, 'title', 'description') || linesOf(resource, 'category', conceptText),
    ),
    column('Time', (resource) => periodText(resource['period'])),
    status,
  ],
  'advance-directives': [
    column('Document', (resource) => lineAt(resource, 'description') || conceptText(resource['type'])),
    column('Date', (resource) => dayOf(elementsAt(resource, 'date')[0])),
    statusAnd((resource) => lineAt(resource, 'docStatus')),
  ],
};

function medicationText(resource: Resource, lookUp: LookUp): string {
  const reference = resource['medicationReference'];
  const inside = elementsAt(resource, 'contained').find(
    (one) => lineAt(reference, 'reference') === `#${lineAt(one, 'id')}`,
  );
  const medication = inside ?? lookUp(reference);
  return (
    conceptText(resource['medicationCodeableConcept']) ||
    conceptText(elementsAt(medication, 'code')[0]) ||
    lineAt(reference, 'display')
  );
}

/** The value with what its laboratory says of it; of a panel each part; of a report what it concludes. */
function resultText(resource: Resource): string {
  const own = valueText(resource);
  const parts = linesOf(resource, 'component', (part) => {
    const value = valueText(part);
    return value === '' ? '' : `${conceptText(elementsAt(part, 'code')[0])}: ${value}`;
  });
  const concluded = lineAt(resource, 'conclusion') || linesOf(resource, 'conclusionCode', conceptText);
  return [own, parts, concluded].filter((text) => text !== '').join('; ');
}

function valueText(node: unknown): string {
  const value = choiceText(node, 'value') || conceptText(elementsAt(node, 'dataAbsentReason')[0]);
  const interpretation = linesOf(node, 'interpretation', conceptText);
  return value === '' || interpretation === '' ? value : `${value} (${interpretation})`;
}
