import type { Database } from '../database/index.ts';
import { projections } from '../fhir/index.ts';
import { intake, textInput } from '../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { addAccount } from '../people/index.ts';
import { listPractices, listRecords, markGenerated, type Practice } from '../practices/index.ts';
import { findApp, moveApp, registerApp } from '../registry/index.ts';
import { type GeneratedPerson, generateSandbox, SANDBOX_SEED, sandboxVersion } from './generate/index.ts';
import { DEMO_CLIENT_ID, DEMO_SCOPE, SANDBOX_PASSWORD } from './published.ts';

/** Fills the sandbox practice and registers the demo app; does nothing that was done before. */
export async function ensureSandbox(
  db: Database,
  options: { publicUrl: string; say: (text: string) => void },
): Promise<void> {
  const practice = (await listPractices(db)).find(({ kind }) => kind === 'sandbox');
  if (practice === undefined) return;
  await fill(db, practice, options.say);
  await ensureDemoApp(db, `${options.publicUrl}/demo`);
}

async function fill(db: Database, practice: Practice, say: (text: string) => void): Promise<void> {
  const version = sandboxVersion({ seed: SANDBOX_SEED });
  if (practice.generated === version) return;
  const { directory, people } = generateSandbox({ seed: SANDBOX_SEED });
  say(`Filling the sandbox with ${people.length} made-up patients …`);
  const resources = [...directory, ...people.flatMap((person) => person.resources)];
  const input = textInput('sandbox', resources.map((resource) => JSON.stringify(resource)).join('\n'));
  const { practiceId } = practice;
  const report = await intake(db, { practiceId, source: 'sandbox', projections, clock, random }, [input]);
  const [fault] = report.refused;
  if (fault !== undefined) throw new Error(`the sandbox made what can't be loaded: ${fault.type} ${fault.reason}`);
  await addAccounts(db, practice, people);
  await markGenerated(db, practiceId, version);
}

async function addAccounts(db: Database, practice: Practice, people: readonly GeneratedPerson[]): Promise<void> {
  const records = (await listRecords(db)).filter(({ practiceId }) => practiceId === practice.practiceId);
  await db.transaction(async (tx) => {
    for (const { username, displayName, resources } of people) {
      const patientId = resources.find(({ resourceType }) => resourceType === 'Patient')?.id;
      const recordId = records.find((record) => record.patientId === patientId)?.recordId;
      if (recordId === undefined) throw new Error(`the record of ${username} is missing`);
      await addAccount(
        tx,
        { clock, random },
        { username, password: SANDBOX_PASSWORD, displayName, recordId, published: true },
      );
    }
  });
}

async function ensureDemoApp(db: Database, redirectUri: string): Promise<void> {
  const known = await findApp(db, clock, DEMO_CLIENT_ID);
  if (known === undefined) {
    await registerApp(
      db,
      { clock, random },
      {
        clientId: DEMO_CLIENT_ID,
        name: 'Demo app',
        redirectUris: [redirectUri],
        apis: ['r4', 'dstu2'],
        scope: DEMO_SCOPE,
        confidential: false,
        state: 'active',
      },
    );
  } else if (!known.redirectUris.includes(redirectUri)) {
    await moveApp(db, DEMO_CLIENT_ID, [redirectUri]);
  }
}
