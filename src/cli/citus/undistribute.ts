import { planUndistribution, readTableLayout, readTableTriggers } from '../../database/index.ts';
import { emptyIdRegistries } from '../../fhir/index.ts';
import { type CommandInput, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { CITUS_UNDISTRIBUTE } from '../definitions/citus.ts';
import { withInstallation } from '../with-installation.ts';
import { moveRows, printPlan } from './move-rows.ts';
import { requireExternal } from './require-external.ts';

export async function undistributeCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof CITUS_UNDISTRIBUTE>,
): Promise<number> {
  requireExternal(input);
  return withInstallation(input, async (installation) => {
    const { db } = installation;
    const steps = planUndistribution(await readTableLayout(db), await readTableTriggers(db));
    if (values['dry-run']) return printPlan(input, steps);
    await emptyIdRegistries(installation.db);
    const moved = await moveRows(input, installation, { steps, toWorkers: false });
    printResult(input, { undistributed: moved }, `All rows are on this PostgreSQL. Tables moved now: ${moved.length}.`);
    return 0;
  });
}
