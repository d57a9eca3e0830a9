import type { PasswordCost } from '../config/index.ts';
import type { Database } from '../database/index.ts';
import { projections, type Resource } from '../fhir/index.ts';
import { GONE_BY_COMMAND, intake, textInput } from '../intake/index.ts';
import { systemClock as clock, type PracticeId, systemRandom as random } from '../kernel/index.ts';
import {
  ensureSecondSandbox,
  isFilledSandbox,
  listPractices,
  markGenerated,
  type Practice,
} from '../practices/index.ts';
import { addAccounts, addStaffAccounts } from './accounts.ts';
import { bringApp } from './bring-app.ts';
import { DEMO_DATA_USE, DEMO_DEVELOPER, PRIVACY_PATH } from './demo/privacy.ts';
import { describePractices } from './describe-practices.ts';
import { type GeneratedPerson, generateSandbox, SANDBOX_SEED, type Sandbox, sandboxVersion } from './generate/index.ts';
import { DEMO_CLIENT_ID, DEMO_SCOPE } from './published.ts';

const VERSION = sandboxVersion({ seed: SANDBOX_SEED });
/** Version marker of a sandbox practice that has everything except its large records. */
const NEARLY = `${VERSION}, large records to come`;

export interface FillOptions {
  readonly passwordCost: PasswordCost;
  /** Skips the large records, which take as long to load as all others together. A later call loads them. */
  readonly butLarge?: boolean;
}

/**
 * Fills the sandbox practices with generated patients and their accounts. Skips the parts that are loaded already.
 * Throws if the loader rejects a generated resource.
 */
export async function fillSandbox(db: Database, print: (text: string) => void, options: FillOptions): Promise<void> {
  await fillWithPeople(db, print, options);
  await describePractices(db);
}

async function fillWithPeople(
  db: Database,
  print: (text: string) => void,
  { passwordCost, butLarge = false }: FillOptions,
): Promise<void> {
  const practice = await staleSandbox(db);
  if (practice === undefined || (butLarge && practice.generated === NEARLY)) return;
  const sandbox = generateSandbox({ seed: SANDBOX_SEED });
  const [large, others] = [true, false].map((isLarge) => sandbox.people.filter((person) => person.large === isLarge));
  if (practice.generated !== NEARLY) {
    print(`Filling the sandbox with ${sandbox.people.length} made-up patients …`);
    await fillMost(db, practice.practiceId, sandbox, others ?? [], passwordCost);
  }
  if (butLarge) return;
  await fillPeople(db, practice.practiceId, { directory: [], people: large ?? [] }, passwordCost);
  await markGenerated(db, practice.practiceId, VERSION);
}

async function fillMost(
  db: Database,
  practiceId: PracticeId,
  { directory, secondDirectory, people, staff }: Sandbox,
  others: readonly GeneratedPerson[],
  passwordCost: PasswordCost,
): Promise<void> {
  const secondId = await db.transaction(ensureSecondSandbox);
  await loadResources(db, secondId, [...secondDirectory, ...people.flatMap(({ second = [] }) => second)]);
  await fillPeople(db, practiceId, { directory, people: others }, passwordCost);
  await addStaffAccounts(db, practiceId, staff, passwordCost);
  await markGenerated(db, secondId, VERSION);
  await markGenerated(db, practiceId, NEARLY);
}

async function fillPeople(
  db: Database,
  practiceId: PracticeId,
  { directory, people }: Pick<Sandbox, 'directory' | 'people'>,
  passwordCost: PasswordCost,
): Promise<void> {
  await loadResources(db, practiceId, [...directory, ...people.flatMap(({ resources }) => resources)]);
  await addAccounts(db, people, passwordCost);
}

/** Returns the sandbox practice if its generated data is missing or of another version, otherwise undefined. */
export async function staleSandbox(db: Database): Promise<Practice | undefined> {
  return (await listPractices(db)).find((practice) => isFilledSandbox(practice) && practice.generated !== VERSION);
}

/** Whether only the large records are missing. */
export const lacksLargeAlone = ({ generated }: Practice): boolean => generated === NEARLY;

async function loadResources(db: Database, practiceId: PracticeId, resources: readonly Resource[]): Promise<void> {
  const input = textInput('sandbox', resources.map((resource) => JSON.stringify(resource)).join('\n'));
  const report = await intake(db, { practiceId, source: 'sandbox', projections, clock, random }, [input]);
  // Resources that an operator retracted, merged or erased stay gone; they are not an error.
  const [rejected] = report.refused.filter(({ reason }) => !GONE_BY_COMMAND.includes(reason));
  if (rejected !== undefined)
    throw new Error(`the sandbox made what can't be loaded: ${rejected.type} ${rejected.reason}`);
}

/** Registers the demo app, or updates its redirect URI when the server's address has changed. */
export const ensureDemoApp = (db: Database, publicUrl: string): Promise<void> =>
  bringApp(db, {
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
