import type { Resource } from '../../fhir/index.ts';
import { createDirectory, type SandboxDirectory } from '../directory/directory.ts';
import { HEART_CLINIC } from '../directory/practice-sites.ts';
import { EPOCH } from '../scenarios/calendar.ts';
import type { CaseKey } from '../scenarios/cases.ts';
import {
  ENROLLMENT_SCENARIOS,
  type EnrollmentScenario,
  type EnrollmentStart,
} from '../scenarios/enrollment-scenarios.ts';
import { HEART_CLINIC_SCENARIOS, PATIENT_SCENARIOS } from '../scenarios/patient-scenarios.ts';
import { displayName } from '../scenarios/persona.ts';
import { assembleScenario, type PatientScenario } from '../scenarios/scenario.ts';
import { generateRecord } from './generate-record.ts';
import { withIpaProfiles } from './ipa-profiles.ts';
import { createRecordBuilder } from './record-builder.ts';
import { addRepresentative } from './resources/administrative/related-person.ts';
import { addFamilyHistory } from './resources/clinical/family-history.ts';

/**
 * Version of the generated data. Raise it whenever the output changes, so that a sandbox with an older version is
 * loaded again. A test compares a digest of the output to detect changes.
 */
const VERSION = 11;

export const SANDBOX_SEED = 'saguaro';

export interface GeneratedPatient {
  readonly key: string;
  readonly username: string;
  readonly displayName: string;
  /** One line that says what this test patient is useful for. */
  readonly about: string;
  /** Keys of all situations in `CASES` that this person's record contains. */
  readonly covers: readonly CaseKey[];
  /** True if the record takes so long to load that it is loaded after all others. */
  readonly large: boolean;
  readonly resources: readonly Resource[];
  /** The person who represents this patient, such as a parent. */
  readonly representative?: GeneratedRepresentative;
  /** Resources of the same person's record at the second practice. */
  readonly secondRecord?: readonly Resource[];
}

/** A patient without a shared account, with whom visitors of the sandbox try enrollment. */
export interface GeneratedEnrollmentPatient extends Pick<GeneratedPatient, 'key' | 'displayName' | 'resources'> {
  /** How the patient starts, and starts again after each visitor. */
  readonly start: EnrollmentStart;
}

export interface GeneratedRepresentative {
  readonly key: string;
  /** Id of the RelatedPerson that stands for the representative in the patient's record. */
  readonly relatedPersonId: string;
}

export interface GeneratedStaff {
  readonly displayName: string;
  /** Id of the staff member's Practitioner in the directory. */
  readonly practitionerId: string;
}

export interface GeneratedSandbox {
  readonly version: string;
  /** Resources shared by all records: Organization, Location, Practitioner, PractitionerRole and Endpoint. */
  readonly directory: readonly Resource[];
  /** Patients with shared accounts. */
  readonly patients: readonly GeneratedPatient[];
  /** Patients of the first practice without shared accounts, with whom visitors try enrollment. */
  readonly enrollmentPatients: readonly GeneratedEnrollmentPatient[];
  /** Directory of the second practice, where some sandbox patients have another record. */
  readonly secondDirectory: readonly Resource[];
  readonly staff: GeneratedStaff;
}

export interface SandboxOptions {
  readonly seed: string;
  /**
   * The date that the generator takes as today. By default the fixed date `EPOCH`, so that the same data is generated
   * on any day.
   */
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
export function generateSandbox(options: SandboxOptions): GeneratedSandbox {
  const directory = createDirectory(options.seed);
  const second = generateSecondPractice(options);
  const person = ({ persona, parts }: PatientScenario, index: number): GeneratedPatient => {
    const chart = createRecordBuilder(
      options.seed,
      assembleScenario(persona, options.today ?? EPOCH, parts),
      directory,
    );
    generateRecord(chart, index + 1);
    addFamilyHistory(chart);
    const representative = addRepresentative(chart, index + 1);
    const { key, username, about, covers, large = false } = persona;
    const resources = chart.resources.map(withIpaProfiles);
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
      ...(elsewhere && { secondRecord: elsewhere }),
    };
  };
  return {
    version: sandboxVersion(options),
    directory: directory.resources.map(withIpaProfiles),
    patients: PATIENT_SCENARIOS.map(person),
    enrollmentPatients: ENROLLMENT_SCENARIOS.map((one, index) =>
      generateEnrollmentPatient(options, directory, one, index),
    ),
    secondDirectory: second.directory,
    staff: findDoctor(directory),
  };
}

/**
 * First serial number in the medical record numbers of the patients for enrollment. It leaves room for more patients
 * with shared accounts, so that a new one doesn't change the numbers of these.
 */
const ENROLLMENT_FIRST_SERIAL = 201;

function generateEnrollmentPatient(
  { seed, today = EPOCH }: SandboxOptions,
  directory: SandboxDirectory,
  { persona, parts, start }: EnrollmentScenario,
  index: number,
): GeneratedEnrollmentPatient {
  const chart = createRecordBuilder(seed, assembleScenario(persona, today, parts), directory);
  generateRecord(chart, ENROLLMENT_FIRST_SERIAL + index);
  addFamilyHistory(chart);
  return {
    key: persona.key,
    displayName: displayName(persona),
    resources: chart.resources.map(withIpaProfiles),
    start,
  };
}

/**
 * First serial number in the medical record numbers of the second practice. It is far from the serial numbers of the
 * first.
 */
const SECOND_PRACTICE_FIRST_SERIAL = 523;

/**
 * Generates the second practice.
 * @returns its directory, and the records of its patients by persona key
 */
function generateSecondPractice({ seed, today = EPOCH }: SandboxOptions) {
  const directory = createDirectory(`${seed} heart`, HEART_CLINIC);
  const records = HEART_CLINIC_SCENARIOS.map(({ persona, parts }, index) => {
    const chart = createRecordBuilder(`${seed} heart`, assembleScenario(persona, today, parts), directory);
    generateRecord(chart, SECOND_PRACTICE_FIRST_SERIAL + index);
    return [persona.key, chart.resources.map(withIpaProfiles)] as const;
  });
  return { directory: directory.resources.map(withIpaProfiles), records: new Map(records) };
}

function findDoctor(directory: SandboxDirectory): GeneratedStaff {
  const { reference, display = '' } = directory.practitioner('family');
  return { displayName: display, practitionerId: reference.split('/')[1] ?? '' };
}
