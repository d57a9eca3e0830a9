import type { Resource } from '../../fhir/index.ts';
import { EPOCH } from './calendar.ts';
import { openChart } from './chart.ts';
import { type Directory, makeDirectory } from './directory/directory.ts';
import { assemble, type LifeStory } from './life.ts';
import { live } from './live.ts';
import { LIVES } from './lives/lives.ts';
import { displayName } from './persona.ts';
import { recordRepresentative } from './record/related-person.ts';

/** Raised whenever the output changes: a sandbox that holds another version is loaded again. A test watches it. */
const VERSION = 6;

export const SANDBOX_SEED = 'saguaro';

export interface GeneratedPerson {
  readonly key: string;
  readonly username: string;
  readonly displayName: string;
  /** What this test patient is good for, in one line. */
  readonly about: string;
  readonly resources: readonly Resource[];
  /** Another of these people, who acts for this one. */
  readonly representative?: Representative;
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
  const person = ({ persona, courses }: LifeStory, index: number): GeneratedPerson => {
    const chart = openChart(options.seed, assemble(persona, options.today ?? EPOCH, courses), directory);
    live(chart, index + 1);
    const representative = recordRepresentative(chart, index + 1);
    const { key, username, about } = persona;
    const { resources } = chart;
    return {
      key,
      username,
      displayName: displayName(persona),
      about,
      resources,
      ...(representative && { representative }),
    };
  };
  return {
    version: sandboxVersion(options),
    directory: directory.resources,
    people: LIVES.map(person),
    staff: doctor(directory),
  };
}

function doctor(directory: Directory): GeneratedStaff {
  const { reference, display = '' } = directory.practitioner('family');
  return { displayName: display, practitionerId: reference.split('/')[1] ?? '' };
}
