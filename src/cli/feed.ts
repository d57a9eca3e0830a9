import { openTrail } from '../audit/index.ts';
import { projections } from '../fhir/index.ts';
import { listKept, openValidation, retryRefused } from '../intake/index.ts';
import { systemClock as clock, systemRandom as random } from '../kernel/index.ts';
import { addressesOf } from '../oauth/index.ts';
import { listPractices, requirePractice } from '../practices/index.ts';
import { readArguments } from './arguments.ts';
import { answer, type CommandInput, table } from './command.ts';
import { mergedPeople } from './merged-people.ts';
import { withInstallation } from './with-installation.ts';

export async function feedRefused(input: CommandInput): Promise<number> {
  const found = await withInstallation(input, async ({ db }) => {
    const practices = await practicesOf(db, input);
    const names = new Map(practices.map(({ practiceId, name }) => [practiceId, name]));
    return (await listKept(db, [...names.keys()])).map(({ practiceId, sourceId, refusedAt, ...one }) => ({
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
  const text = found.length === 0 ? 'Nothing is refused.' : table(HEADER, rows);
  answer(input, found, text);
  return 0;
}

const HEADER = ['refused', 'practice', 'source', 'resource', 'waits', 'why'];

export async function feedRetry(input: CommandInput): Promise<number> {
  const counts = await withInstallation(input, async ({ db }) => {
    const validation = openValidation(input.config.validation);
    const people = mergedPeople(input.config);
    const { r4: base } = addressesOf(input.config.publicUrl, input.config.prefix).fhir;
    const audit = openTrail({ db, clock, random });
    const deps = { db, base, clock, random, projections, validation, audit, people };
    const sum = { tried: 0, written: 0 };
    for (const { practiceId } of await practicesOf(db, input)) {
      const { tried, written } = await retryRefused(deps, practiceId);
      sum.tried += tried;
      sum.written += written;
    }
    return sum;
  });
  answer(input, counts, `${counts.written} of ${counts.tried} entries were written.`);
  return counts.written === counts.tried ? 0 : 1;
}

async function practicesOf(db: Parameters<typeof listPractices>[0], input: CommandInput) {
  const { values } = readArguments(input.arguments, { practice: { type: 'string' } }, []);
  return values.practice === undefined ? await listPractices(db) : [await requirePractice(db, values.practice)];
}
