import { type ClientId, derivedUuid } from '../../kernel/index.ts';
import { DEMO_CLIENT_ID } from '../published-credentials.ts';

/** Returns the client id of an example app, which is the same on every installation. */
export const exampleId = (key: string): ClientId => derivedUuid('sandbox', 'example app', key) as ClientId;

/** An app of the made-up reads. */
export interface ExampleReader {
  readonly clientId: ClientId;
  readonly name: string;
  /** Types that the app reads in one go, as far as the record has them. */
  readonly types: readonly string[];
}

/** Apps that patients use in the made-up reads: the demo app, and apps that don't exist. */
export const PATIENT_READERS: readonly ExampleReader[] = [
  {
    clientId: DEMO_CLIENT_ID,
    name: 'My Record (demo)',
    types: ['Patient', 'Condition', 'AllergyIntolerance', 'MedicationRequest', 'Observation', 'Immunization'],
  },
  { clientId: exampleId('sugar-diary'), name: 'Sugar Diary', types: ['Patient', 'Observation'] },
  {
    clientId: exampleId('pill-planner'),
    name: 'Pill Planner',
    types: ['Patient', 'MedicationRequest', 'MedicationDispense'],
  },
  { clientId: exampleId('shot-card'), name: 'Shot Card', types: ['Patient', 'Immunization'] },
  {
    clientId: exampleId('care-binder'),
    name: 'Care Binder',
    types: ['Patient', 'Condition', 'Procedure', 'DocumentReference', 'DiagnosticReport'],
  },
];

/** App that a clinician opens from a chart in the made-up reads. */
export const STAFF_READER: ExampleReader = {
  clientId: exampleId('chart-view'),
  name: 'Chart View',
  types: ['Patient', 'Condition', 'Observation', 'MedicationRequest'],
};

/** Backend app that reads all records of the practice once a week in the made-up reads. */
export const BACKEND_READER: ExampleReader = {
  clientId: exampleId('care-gaps'),
  name: 'Care Gaps Report',
  types: ['Patient', 'Immunization'],
};
