import type { Executor } from '../../database/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import type { AppDraft } from '../contract/apps.ts';
import type { Given } from './draft.ts';

/** Whose data a new backend app begins with: made-up patients'. Whose it gets is said when it is approved. */
export async function givenAtFirst(db: Executor, { kind }: AppDraft): Promise<Pick<Given, 'practiceIds'>> {
  if (kind !== 'backend') return { practiceIds: [] };
  const practices = (await listPractices(db)).filter(isFilledSandbox);
  return { practiceIds: practices.map(({ practiceId }) => practiceId) };
}
