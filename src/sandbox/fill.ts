import type { Database } from '../database/index.ts';
import { projections, type Resource } from '../fhir/index.ts';
import { intake, textInput } from '../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { isFilledSandbox, listPractices, markGenerated, type Practice } from '../practices/index.ts';
import { addAccounts } from './accounts.ts';
import { bringApp } from './bring-app.ts';
import { generateSandbox, SANDBOX_SEED, sandboxVersion } from './generate/index.ts';
import { DEMO_CLIENT_ID, DEMO_SCOPE } from './published.ts';

/** Fills the sandbox practice with generated people and their accounts; does nothing that was done before. */
export async function fillSandbox(db: Database, say: (text: string) => void): Promise<void> {
  const practice = await staleSandbox(db);
  if (practice === undefined) return;
  const sandbox = generateSandbox({ seed: SANDBOX_SEED });
  const { version, directory, people } = sandbox;
  say(`Filling the sandbox with ${people.length} made-up patients …`);
  await loadResources(db, practice, [...directory, ...people.flatMap((person) => person.resources)]);
  await addAccounts(db, practice, sandbox);
  await markGenerated(db, practice.practiceId, version);
}

/** The sandbox practice when it does not hold today's generated data. */
export async function staleSandbox(db: Database): Promise<Practice | undefined> {
  const version = sandboxVersion({ seed: SANDBOX_SEED });
  return (await listPractices(db)).find((practice) => isFilledSandbox(practice) && practice.generated !== version);
}

async function loadResources(db: Database, { practiceId }: Practice, resources: readonly Resource[]): Promise<void> {
  const input = textInput('sandbox', resources.map((resource) => JSON.stringify(resource)).join('\n'));
  const report = await intake(db, { practiceId, source: 'sandbox', projections, clock, random }, [input]);
  const [fault] = report.refused;
  if (fault !== undefined) throw new Error(`the sandbox made what can't be loaded: ${fault.type} ${fault.reason}`);
}

/** Registers the demo app, or moves it to where the server is now. */
export const ensureDemoApp = (db: Database, publicUrl: string): Promise<void> =>
  bringApp(db, {
    clientId: DEMO_CLIENT_ID,
    name: 'My Record (demo)',
    redirectUris: [`${publicUrl}/demo`],
    scope: DEMO_SCOPE,
  });
