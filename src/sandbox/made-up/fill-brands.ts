import type { MadeUpBrands } from '../../brands/index.ts';
import type { Executor, SpaceDatabase } from '../../database/index.ts';
import type { Clock } from '../../kernel/index.ts';
import { addMadeUpPractice, savePracticeBrandInfo } from '../../practices/index.ts';
import { businessDaysAgo } from './business-time.ts';
import { MADE_UP_PEOPLE } from './people.ts';
import { MADE_UP_PRACTICES } from './practices.ts';

const [FIRST_VERSION, SECOND_VERSION] = [30, 8];
/** No one took the steps before the visitor came, so the audit log doesn't contain them. */
const noAudit = { appendInTransaction: async () => {} };

/**
 * Adds the practices of the sandbox's administrator to the space of a transaction, with two published versions of their
 * brands. The last practice was added since, so that the visitor has something to publish.
 */
export async function fillMadeUpBrands(
  tx: Executor,
  { clock, brands }: { readonly clock: Clock; readonly brands: { readonly inMadeUpSpace: MadeUpBrands } },
): Promise<void> {
  const { riverbend, express, lakeview, harbor } = MADE_UP_PRACTICES;
  const brandsAt = (daysAgo: number) => {
    const at = businessDaysAgo(clock.now(), daysAgo);
    const db: SpaceDatabase = {
      query: (sql, parameters) => tx.query(sql, parameters),
      queryText: (text, parameters, name) => tx.queryText(text, parameters, name),
      transaction: (work) => work(tx),
    };
    return brands.inMadeUpSpace({ db, clock: { now: () => at }, audit: noAudit });
  };
  const parent = await addMadeUpPractice(tx, riverbend);
  await addMadeUpPractice(tx, { ...express, partOf: parent });
  await addMadeUpPractice(tx, lakeview);
  await brandsAt(FIRST_VERSION).publish({ accountId: MADE_UP_PEOPLE.jordan.accountId, requestId: undefined });
  await savePracticeBrandInfo(tx, parent, {
    ...riverbend,
    aliases: ['Riverbend Clinic'],
    locations: ['96 Bridge Road, Springfield, IL 62702'],
  });
  await brandsAt(SECOND_VERSION).publishIfChanged();
  await addMadeUpPractice(tx, harbor);
}
