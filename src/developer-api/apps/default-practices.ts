import type { Executor } from '../../database/index.ts';
import type { AppDraft } from '../../portal-api/index.ts';
import { isFilledSandbox, listPractices } from '../../practices/index.ts';
import type { OperatorTerms } from './draft.ts';

/**
 * Returns the practices that a new backend app may access: those of the sandbox. Administrators
 * choose other practices when they approve the app.
 */
export async function defaultPractices(db: Executor, { kind }: AppDraft): Promise<Pick<OperatorTerms, 'practiceIds'>> {
  if (kind !== 'backend') return { practiceIds: [] };
  const practices = (await listPractices(db)).filter(isFilledSandbox);
  return { practiceIds: practices.map(({ practiceId }) => practiceId) };
}
