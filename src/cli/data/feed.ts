import { createAuditLog } from '../../audit/index.ts';
import { projections } from '../../fhir/index.ts';
import { listRejectedEntries, openValidation, retryRejectedEntries } from '../../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../../kernel/index.ts';
import { createAddresses } from '../../oauth/index.ts';
import { findPracticeByName, listPractices } from '../../practices/index.ts';
import { type CommandInput, formatTable, printResult } from '../command.ts';
import type { CommandArguments } from '../definition.ts';
import type { FEED_REJECTED, FEED_RETRY } from '../definitions/data.ts';
import { createMergeNotifications } from '../records/merge-notifications.ts';
import { withInstallation } from '../with-installation.ts';

export async function rejectedEntriesCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof FEED_REJECTED>,
): Promise<number> {
  const found = await withInstallation(input, async ({ db }) => {
    const practices = await selectPractices(db, values.practice);
    const names = new Map(practices.map(({ practiceId, name }) => [practiceId, name]));
    return (await listRejectedEntries(db, [...names.keys()])).map(({ practiceId, sourceId, refusedAt, ...one }) => ({
      practice: names.get(practiceId) ?? '',
      at: refusedAt.toISOString(),
      ...one,
      id: sourceId ?? null,
    }));
  });
  const rows = found.map((one) => [
    one.at,
    one.practice,
    one.source,
    one.id === null ? one.type : `${one.type}/${one.id}`,
    one.waits ? 'yes' : '',
    one.reason,
  ]);
  const text = found.length === 0 ? 'No rejected entries.' : formatTable(HEADER, rows);
  printResult(input, found, text);
  return 0;
}

const HEADER = ['rejected', 'practice', 'source', 'resource', 'pending', 'reason'];

export async function retryRejectedCommand(
  input: CommandInput,
  { values }: CommandArguments<typeof FEED_RETRY>,
): Promise<number> {
  const counts = await withInstallation(input, async ({ db, encryption }) => {
    const validation = openValidation(input.config.validation);
    const notifier = createMergeNotifications(input.config, encryption);
    const { r4: base } = createAddresses(input.config.publicUrl, input.config.prefix).fhir;
    const audit = createAuditLog({ db, clock, random });
    const deps = { db, base, clock, random, projections, validation, audit, notifier };
    const sum = { tried: 0, written: 0 };
    for (const { practiceId } of await selectPractices(db, values.practice)) {
      const { tried, written } = await retryRejectedEntries(deps, practiceId);
      sum.tried += tried;
      sum.written += written;
    }
    return sum;
  });
  printResult(input, counts, `${counts.written} of ${counts.tried} entries were stored.`);
  return counts.written === counts.tried ? 0 : 1;
}

const selectPractices = async (db: Parameters<typeof listPractices>[0], name: string | undefined) =>
  name === undefined ? await listPractices(db) : [await findPracticeByName(db, name)];
