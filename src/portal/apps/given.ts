import type { Executor } from '../../database/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { Given } from './draft.ts';

/** Returns the practices of a new backend app: the sandbox. Other practices are chosen at approval. */
export async function givenAtFirst(db: Executor, { kind }: AppDraft): Promise<Pick<Given, 'practiceIds'>> {
  if (kind !== 'backend') return { practiceIds: [] };
  const practices = (await listPractices(db)).filter(isFilledSandbox);
  return { practiceIds: practices.map(({ practiceId }) => practiceId) };
}
