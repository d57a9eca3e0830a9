import { type LocalizedRequest, type PageBrand, type PageContexts, requestLanguage } from '../i18n/index.ts';
import type { PracticeId } from '../kernel/index.ts';

export interface PageContextDeps {
  /** Name of the whole installation. */
  readonly operator: string;
  findBrand(practiceId: PracticeId): Promise<PageBrand | undefined>;
}

/** Creates page contexts: the language is the reader's, and the brand is the practice's or the operator's. */
export function createPageContexts({ operator, findBrand }: PageContextDeps): PageContexts {
  const own: PageBrand = { name: operator };
  const plain: PageContexts['forOperator'] = (request, here) => ({
    language: requestLanguage(request.headers),
    brand: own,
    currentPath: here ?? returnAddress(request),
  });
  return {
    forOperator: plain,
    forStaff: (request) => ({ ...plain(request), language: 'en', currentPath: undefined }),
    async forPractice(request, practiceId, here) {
      return { ...plain(request, here), brand: (await findBrand(practiceId)) ?? own };
    },
  };
}

/** Address for the language links. After a POST there is none, because its page can't be requested again. */
const returnAddress = ({ method, url }: LocalizedRequest): string | undefined => (method === 'GET' ? url : undefined);
