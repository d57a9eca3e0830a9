import { createAuditLog } from '../../../src/audit/index.ts';
import { openDatabase } from '../../../src/database/index.ts';
import { fillIdRegistries } from '../../../src/fhir/index.ts';
import { systemClock as clock, systemRandom as random } from '../../../src/kernel/index.ts';
import { ensureSigningKeys } from '../../../src/oauth/index.ts';
import { ensurePractices } from '../../../src/practices/index.ts';
import { fillSandbox } from '../../../src/sandbox/index.ts';
import { inClear } from '../in-clear.ts';
import { passwordCost } from '../people/password-cost.ts';
import { createDatabase, ensureEmpty, ensureTemplate, type Templates, urlOf } from './databases.ts';

/** Creates the template database for servers unless it exists. That takes several seconds. */
export async function ensureFilled(admin: string, templates: Templates): Promise<void> {
  await ensureEmpty(admin, templates);
  await ensureTemplate(admin, templates.filled, async (draft) => {
    await createDatabase(admin, draft, templates.empty);
    const db = openDatabase({ connectionString: urlOf(admin, draft) }, 4);
    await ensurePractices(db, { liveName: 'Live practice', sandbox: true });
    await fillSandbox(db, () => {}, { passwordCost });
    await fillIdRegistries(db);
    await ensureSigningKeys(db, clock, inClear);
    await createAuditLog({ db, clock, random }).createPartitions();
    await db.close();
  });
}
