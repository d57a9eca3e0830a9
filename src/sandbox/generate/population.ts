import type { Resource } from '../../fhir/index.ts';
import { EPOCH } from './calendar.ts';
import { openChart } from './chart.ts';
import { throwDice } from './dice.ts';
import { type Directory, makeDirectory } from './directory/directory.ts';
import { assemble, type LifeStory } from './life.ts';
import { live } from './live.ts';
import { LIVES } from './lives/lives.ts';

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
export function* population(seed: string, count: number): Generator<Resource> {
  const directory = makeDirectory(seed);
  yield* directory.resources;
  for (let index = 0; index < count; index++) yield* person(seed, index, directory);
}

function person(seed: string, index: number, directory: Directory): readonly Resource[] {
  const { persona, courses } = LIVES[index % LIVES.length] as LifeStory;
  const dice = throwDice(seed, `person ${index}`);
  const { contact: _contact, ...shared } = persona;
  const own = { ...shared, key: `${persona.key} ${index}`, given: [dice.pick(GIVEN)], family: dice.pick(FAMILY) };
  const chart = openChart(seed, assemble(own, EPOCH, courses), directory);
  live(chart, index + 1000);
  return chart.resources;
}
