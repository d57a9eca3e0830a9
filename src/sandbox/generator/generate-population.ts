import type { Resource } from '../../fhir/index.ts';
import { createDirectory, type SandboxDirectory } from '../directory/directory.ts';
import { EPOCH } from '../scenarios/calendar.ts';
import { PATIENT_SCENARIOS } from '../scenarios/patient-scenarios.ts';
import { assembleScenario, type PatientScenario } from '../scenarios/scenario.ts';
import { generateRecord } from './generate-record.ts';
import { createRecordBuilder } from './record-builder.ts';
import { seededRandom } from './seeded-random.ts';

const GIVEN = [
  'Amaya',
  'Bodhi',
  'Celia',
  'Dario',
  'Elin',
  'Farid',
  'Greta',
  'Hugo',
  'Imani',
  'Jiro',
  'Katya',
  'Luis',
  'Mara',
  'Nils',
  'Odile',
  'Pavel',
  'Rosa',
  'Sven',
  'Tala',
  'Uri',
];
const FAMILY = [
  'Alderbrook',
  'Birchfield',
  'Cloverdale',
  'Dewdrop',
  'Elmgrove',
  'Foxglove',
  'Gorsewood',
  'Heatherly',
  'Ivyside',
  'Jasperleaf',
  'Kestrel',
  'Larchmont',
  'Mistlewood',
  'Nettleton',
  'Oakhurst',
  'Pinecrest',
  'Rushmere',
  'Sedgewick',
  'Thistledown',
  'Wrenfield',
];

/**
 * Generates any number of patients for load tests: the sandbox scenarios with other names, ids and random values. The
 * same options give the same bytes.
 */
export function* generatePopulation(seed: string, count: number): Generator<Resource> {
  const directory = createDirectory(seed);
  yield* directory.resources;
  for (let index = 0; index < count; index++) yield* generatePerson(seed, index, directory);
}

function generatePerson(seed: string, index: number, directory: SandboxDirectory): readonly Resource[] {
  const { persona, parts } = PATIENT_SCENARIOS[index % PATIENT_SCENARIOS.length] as PatientScenario;
  const dice = seededRandom(seed, `person ${index}`);
  const { contact: _contact, ...shared } = persona;
  const details = { ...shared, key: `${persona.key} ${index}`, given: [dice.pick(GIVEN)], family: dice.pick(FAMILY) };
  const chart = createRecordBuilder(seed, assembleScenario(details, EPOCH, parts), directory);
  generateRecord(chart, index + 1000);
  return chart.resources;
}
