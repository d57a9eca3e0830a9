import type { Resource } from '../../fhir/index.ts';
import { EPOCH } from './calendar.ts';
import type { CaseKey } from './cases.ts';
import { openChart } from './chart.ts';
import { type Directory, makeDirectory } from './directory/directory.ts';
import { HEART_CLINIC } from './directory/site.ts';
import { withIpa } from './ipa.ts';
import { assemble, type LifeStory } from './life.ts';
import { live } from './live.ts';
import { HEART_CLINIC_LIVES, LIVES } from './lives/lives.ts';
import { displayName } from './persona.ts';
import { recordFamilyHistory } from './record/family-history.ts';
import { recordRepresentative } from './record/related-person.ts';

/**
 * Raised whenever the output changes; a sandbox loaded with another version is loaded again. A test checks it with a
 * digest.
 */
const VERSION = 9;

export const SANDBOX_SEED = 'saguaro';

export interface GeneratedPerson {
  readonly key: string;
  readonly username: string;
  readonly displayName: string;
  /** One line that says what this test patient is useful for. */
  readonly about: string;
  /** All cases that this record contains. */
  readonly covers: readonly CaseKey[];
  /** Loaded after everything else. */
  readonly large: boolean;
  readonly resources: readonly Resource[];
  /** The person who represents this one. */
  readonly representative?: Representative;
  /** Resources of the same person's record at the second practice. */
  readonly second?: readonly Resource[];
}

export interface Representative {
  readonly key: string;
  /** Id of the RelatedPerson that stands for the representative in the patient's record. */
  readonly relatedPersonId: string;
}

export interface GeneratedStaff {
  readonly displayName: string;
  /** Id of the member's Practitioner in the directory. */
  readonly practitionerId: string;
}

export interface Sandbox {
  readonly version: string;
  /** Resources shared by all records: Organization, Location, Practitioner, PractitionerRole and Endpoint. */
  readonly directory: readonly Resource[];
  readonly people: readonly GeneratedPerson[];
  /** Directory of the second practice, where some of these people have another record. */
  readonly secondDirectory: readonly Resource[];
  readonly staff: GeneratedStaff;
}

export interface SandboxOptions {
  readonly seed: string;
  /** Defaults to the fixed epoch, so that the same data is generated on any day. */
  readonly today?: Date;
}

/**
 * Returns the version that `generateSandbox` would produce, without generating. Used to decide whether there is
 * anything to load.
 */
export function sandboxVersion({ seed, today = EPOCH }: SandboxOptions): string {
  return `${VERSION}-${seed}-${today.toISOString().slice(0, 10)}`;
}

/** Generates the sandbox practices with their made-up patients. Pure: the same options give the same bytes. */
export function generateSandbox(options: SandboxOptions): Sandbox {
  const directory = makeDirectory(options.seed);
  const second = secondPractice(options);
  const person = ({ persona, courses }: LifeStory, index: number): GeneratedPerson => {
    const chart = openChart(options.seed, assemble(persona, options.today ?? EPOCH, courses), directory);
    live(chart, index + 1);
    recordFamilyHistory(chart);
    const representative = recordRepresentative(chart, index + 1);
    const { key, username, about, covers, large = false } = persona;
    const resources = chart.resources.map(withIpa);
    const elsewhere = second.records.get(key);
    return {
      key,
      username,
      displayName: displayName(persona),
      about,
      covers,
      large,
      resources,
      ...(representative && { representative }),
      ...(elsewhere && { second: elsewhere }),
    };
  };
  return {
    version: sandboxVersion(options),
    directory: directory.resources.map(withIpa),
    people: LIVES.map(person),
    secondDirectory: second.directory,
    staff: doctor(directory),
  };
}

/** First medical record serial of the second practice, far from the serials of the first. */
const SECOND_SERIAL = 523;

/** Generates the second practice and its patients' records, by the key of their persona. */
function secondPractice({ seed, today = EPOCH }: SandboxOptions) {
  const directory = makeDirectory(`${seed} heart`, HEART_CLINIC);
  const records = HEART_CLINIC_LIVES.map(({ persona, courses }, index) => {
    const chart = openChart(`${seed} heart`, assemble(persona, today, courses), directory);
    live(chart, SECOND_SERIAL + index);
    return [persona.key, chart.resources.map(withIpa)] as const;
  });
  return { directory: directory.resources.map(withIpa), records: new Map(records) };
}

function doctor(directory: Directory): GeneratedStaff {
  const { reference, display = '' } = directory.practitioner('family');
  return { displayName: display, practitionerId: reference.split('/')[1] ?? '' };
}
