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

/** Raised whenever the output changes: a sandbox that holds another version is loaded again. A test watches it. */
const VERSION = 9;

export const SANDBOX_SEED = 'saguaro';

export interface GeneratedPerson {
  readonly key: string;
  readonly username: string;
  readonly displayName: string;
  /** What this test patient is good for, in one line. */
  readonly about: string;
  /** Which cases an app meets here, all of them. */
  readonly covers: readonly CaseKey[];
  /** To be loaded after everything else. */
  readonly large: boolean;
  readonly resources: readonly Resource[];
  /** Another of these people, who acts for this one. */
  readonly representative?: Representative;
  /** The record of the same person at the second practice. */
  readonly second?: readonly Resource[];
}

export interface Representative {
  readonly key: string;
  /** Who that is in the record of the one acted for. */
  readonly relatedPersonId: string;
}

/** A member of staff of the practice. */
export interface GeneratedStaff {
  readonly displayName: string;
  /** In the directory. */
  readonly practitionerId: string;
}

export interface Sandbox {
  readonly version: string;
  /** Shared by all records: Organization, Location, Practitioner. */
  readonly directory: readonly Resource[];
  readonly people: readonly GeneratedPerson[];
  /** The directory of the second practice, where some of these people have another record. */
  readonly secondDirectory: readonly Resource[];
  readonly staff: GeneratedStaff;
}

export interface SandboxOptions {
  readonly seed: string;
  /** Left out: the fixed epoch, so that any day makes the same data. */
  readonly today?: Date;
}

/** What `generateSandbox` would be the version of, without the work: tells whether there is anything to load. */
export function sandboxVersion({ seed, today = EPOCH }: SandboxOptions): string {
  return `${VERSION}-${seed}-${today.toISOString().slice(0, 10)}`;
}

/** The sandbox practice: made-up people with whole lives. Pure: the same options give the same bytes. */
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

/** Numbers of its patients, far from those of the first practice. */
const SECOND_SERIAL = 523;

/** Whoever is a patient of the second practice, by the key of their life. */
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
