import type { PasswordCost } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import type { Practice } from '../domain/index.ts';
import { projections, type Resource } from '../fhir/index.ts';
import { importFiles, REASONS_AFTER_COMMAND, textInput } from '../intake/index.ts';
import { systemClock as clock, type PracticeId, systemRandom as random } from '../kernel/index.ts';
import {
  completePracticeDetails,
  ensureSecondSandbox,
  isFilledSandbox,
  listPractices,
  setGeneratedVersion,
} from '../practices/index.ts';
import { addPatientAccounts, addStaffAccounts, ensureMadeUpAccounts } from './accounts.ts';
import { DEMO_DATA_USE, DEMO_DEVELOPER, PRIVACY_PATH } from './demo/privacy.ts';
import { STAFF_APP_NAME, STAFF_APP_PATH, STAFF_LAUNCH_PATH } from './demo/staff-page.ts';
import { addEnrollmentPatients } from './enrollment/patient-start.ts';
import { ensureBundledApp } from './ensure-bundled-app.ts';
import {
  FAMILY_PRACTICE,
  type GeneratedPatient,
  type GeneratedSandbox,
  generateSandbox,
  HEART_CLINIC,
  practiceDetails,
  SANDBOX_SEED,
  sandboxVersion,
} from './generator/index.ts';
import { DEMO_CLIENT_ID, DEMO_SCOPE, STAFF_APP_CLIENT_ID, STAFF_APP_SCOPE } from './published-credentials.ts';

const VERSION = sandboxVersion({ seed: SANDBOX_SEED });
/** Version that is stored with a sandbox practice once everything except its large records is loaded. */
const ALMOST_FILLED_VERSION = `${VERSION}, large records to come`;

export interface SandboxFillOptions {
  readonly passwordCost: PasswordCost;
  /** Whether to skip the large records, which take as long to load as all others together. A later call loads them. */
  readonly skipLargeRecords?: boolean;
}

/**
 * Fills the sandbox practices with generated patients and their accounts. Skips the parts that are loaded already.
 * Throws if the loader rejects a generated resource.
 */
export async function fillSandbox(
  db: Database,
  print: (text: string) => void,
  options: SandboxFillOptions,
): Promise<void> {
  await fillWithPatients(db, print, options);
  await ensureMadeUpAccounts(db, options.passwordCost);
  await completeSandboxDetails(db);
}

async function fillWithPatients(
  db: Database,
  print: (text: string) => void,
  { passwordCost, skipLargeRecords = false }: SandboxFillOptions,
): Promise<void> {
  const practice = await findStaleSandbox(db);
  if (practice === undefined || (skipLargeRecords && practice.generated === ALMOST_FILLED_VERSION)) return;
  const sandbox = generateSandbox({ seed: SANDBOX_SEED });
  const [large, others] = [true, false].map((isLarge) => sandbox.patients.filter((person) => person.large === isLarge));
  if (practice.generated !== ALMOST_FILLED_VERSION) {
    const { patients, enrollmentPatients } = sandbox;
    print(`Filling the sandbox with ${patients.length + enrollmentPatients.length} made-up patients …`);
    await fillWithoutLargeRecords(db, practice.practiceId, sandbox, others ?? [], passwordCost);
  }
  if (skipLargeRecords) return;
  await fillPatients(db, practice.practiceId, { directory: [], patients: large ?? [] }, passwordCost);
  await setGeneratedVersion(db, practice.practiceId, VERSION);
}

async function fillWithoutLargeRecords(
  db: Database,
  practiceId: PracticeId,
  { directory, secondDirectory, patients, enrollmentPatients, staff }: GeneratedSandbox,
  others: readonly GeneratedPatient[],
  passwordCost: PasswordCost,
): Promise<void> {
  const secondId = await db.transaction(ensureSecondSandbox);
  await loadResources(db, secondId, [...secondDirectory, ...patients.flatMap(({ secondRecord = [] }) => secondRecord)]);
  const alsoLoaded = [...directory, ...enrollmentPatients.flatMap(({ resources }) => resources)];
  await fillPatients(db, practiceId, { directory: alsoLoaded, patients: others }, passwordCost);
  await addStaffAccounts(db, practiceId, staff, passwordCost);
  const deps = { clock, random, passwordCost };
  await db.transaction((tx) => addEnrollmentPatients(tx, deps, practiceId, enrollmentPatients));
  await setGeneratedVersion(db, secondId, VERSION);
  await setGeneratedVersion(db, practiceId, ALMOST_FILLED_VERSION);
}

async function fillPatients(
  db: Database,
  practiceId: PracticeId,
  { directory, patients }: Pick<GeneratedSandbox, 'directory' | 'patients'>,
  passwordCost: PasswordCost,
): Promise<void> {
  await loadResources(db, practiceId, [...directory, ...patients.flatMap(({ resources }) => resources)]);
  await addPatientAccounts(db, patients, passwordCost);
}

/**
 * Returns the sandbox practice if its generated data is missing, incomplete or of another version than this server
 * generates. Otherwise returns undefined.
 */
export async function findStaleSandbox(db: Database): Promise<Practice | undefined> {
  return (await listPractices(db)).find((practice) => isFilledSandbox(practice) && practice.generated !== VERSION);
}

/** Whether only the large records are missing. */
export const lacksOnlyLargeRecords = ({ generated }: Practice): boolean => generated === ALMOST_FILLED_VERSION;

async function loadResources(db: Database, practiceId: PracticeId, resources: readonly Resource[]): Promise<void> {
  const input = textInput('sandbox', resources.map((resource) => JSON.stringify(resource)).join('\n'));
  const report = await importFiles(db, { practiceId, source: 'sandbox', projections, clock, random }, [input]);
  // The loader rejects resources that an operator retracted, merged or erased earlier. Such a rejection isn't an error.
  const [rejected] = report.refused.filter(({ reason }) => !REASONS_AFTER_COMMAND.includes(reason));
  if (rejected !== undefined)
    throw new Error(`the sandbox made what can't be loaded: ${rejected.type} ${rejected.reason}`);
}

/** Registers the demo app, or updates its redirect URI when the server's address has changed. */
export const ensureDemoApp = (db: Database, publicUrl: string): Promise<void> =>
  ensureBundledApp(db, {
    clientId: DEMO_CLIENT_ID,
    name: 'My Record (demo)',
    redirectUris: [`${publicUrl}/demo`],
    scope: DEMO_SCOPE,
    about: {
      developer: DEMO_DEVELOPER,
      dataUse: DEMO_DATA_USE,
      metadata: { policy_uri: `${publicUrl}${PRIVACY_PATH}` },
    },
  });

/** Registers the staff app, or updates its addresses when the server's address has changed. */
export const ensureStaffApp = (db: Database, publicUrl: string): Promise<void> =>
  ensureBundledApp(db, {
    clientId: STAFF_APP_CLIENT_ID,
    name: STAFF_APP_NAME,
    redirectUris: [`${publicUrl}${STAFF_APP_PATH}`],
    launchUri: `${publicUrl}${STAFF_LAUNCH_PATH}`,
    scope: STAFF_APP_SCOPE,
    apis: ['r4'],
    about: { developer: DEMO_DEVELOPER, dataUse: {}, metadata: {} },
  });

/** Fills in what the sandbox practices lack of their address, phone number and NPI, from their directories. */
async function completeSandboxDetails(db: Database): Promise<void> {
  for (const practice of await listPractices(db)) {
    const { practiceId, kind, generated } = practice;
    if (kind !== 'sandbox') continue;
    if (isFilledSandbox(practice)) await completePracticeDetails(db, practiceId, practiceDetails(FAMILY_PRACTICE));
    else if (generated !== null) await completePracticeDetails(db, practiceId, practiceDetails(HEART_CLINIC));
  }
}
