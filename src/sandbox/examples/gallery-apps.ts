import type { AppCategory, DataUse } from '../../domain/index.ts';
import type { ClientId } from '../../kernel/index.ts';
import type { DrawingName } from './draw-logo.ts';
import { exampleId } from './example-apps.ts';

/** A made-up app in the gallery of the sandbox. */
export interface ExampleApp {
  readonly clientId: ClientId;
  readonly name: string;
  readonly developer: string;
  /** Whether the developer is shown as verified. */
  readonly verified: boolean;
  readonly category: AppCategory;
  readonly description: string;
  readonly types: readonly string[];
  readonly dataUse: DataUse;
  /** Website, under a domain that no one can own (RFC 2606 §2). */
  readonly website: string;
  readonly hasPolicy: boolean;
  readonly drawing: DrawingName;
  readonly color: readonly [number, number, number];
}

const CAREFUL: DataUse = {
  sold: 'no',
  shared: 'with-consent',
  'other-uses': 'no',
  deletion: 'yes',
  kept: 'no',
  place: 'united-states',
  encrypted: 'yes',
  changes: 'yes',
};

export const GALLERY_APPS: readonly ExampleApp[] = [
  {
    clientId: exampleId('sugar-diary'),
    name: 'Sugar Diary',
    developer: 'Plain River Health',
    verified: true,
    category: 'conditions',
    description: 'Puts your lab results beside the blood sugar that you measure at home.\nFor people with diabetes.',
    types: ['Observation'],
    dataUse: CAREFUL,
    website: 'https://sugardiary.example',
    hasPolicy: true,
    drawing: 'drop',
    color: [190, 60, 70],
  },
  {
    clientId: exampleId('pill-planner'),
    name: 'Pill Planner',
    developer: 'Plain River Health',
    verified: true,
    category: 'medicines',
    description: 'Makes a plan for the day from your list of medicines, and reminds you.',
    types: ['MedicationRequest', 'MedicationDispense'],
    dataUse: CAREFUL,
    website: 'https://pillplanner.example',
    hasPolicy: true,
    drawing: 'capsule',
    color: [70, 90, 180],
  },
  {
    clientId: exampleId('shot-card'),
    name: 'Shot Card',
    developer: 'Two Maples',
    verified: false,
    category: 'records',
    description: 'Shows your vaccinations on one card, for school, work or travel.',
    types: ['Immunization'],
    dataUse: { sold: 'no', shared: 'no' },
    website: 'https://shotcard.example',
    hasPolicy: false,
    drawing: 'cross',
    color: [20, 120, 90],
  },
  {
    clientId: exampleId('care-binder'),
    name: 'Care Binder',
    developer: 'Harbor Lane Software',
    verified: true,
    category: 'records',
    description:
      'Keeps your reports and visit notes from all practices in one place, so that you have them at each visit.',
    types: ['Condition', 'Procedure', 'DocumentReference', 'DiagnosticReport'],
    dataUse: CAREFUL,
    website: 'https://carebinder.example',
    hasPolicy: true,
    drawing: 'binder',
    color: [150, 90, 20],
  },
  {
    clientId: exampleId('family-table'),
    name: 'Family Table',
    developer: 'Harbor Lane Software',
    verified: true,
    category: 'family',
    description: 'One calendar of checkups and vaccinations for your children, your parents and you.',
    types: ['Immunization', 'Encounter'],
    dataUse: CAREFUL,
    website: 'https://familytable.example',
    hasPolicy: true,
    drawing: 'family',
    color: [120, 70, 150],
  },
];
