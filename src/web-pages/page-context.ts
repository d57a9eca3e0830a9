import type { Config } from '../config/index.ts';
import type { Executor } from '../database/index.ts';
import { type LocalizedRequest, type PageBrand, type PageContexts, requestLanguage } from '../i18n/index.ts';
import { findBrand } from '../practices/index.ts';

export interface PageContextDeps {
  readonly db: Executor;
  readonly config: Pick<Config, 'brandName'>;
}

/**
 * Creates the functions that build a page context. The language is the reader's, and the brand is that of the practice
 * or the operator.
 */
export function createPageContexts({ db, config }: PageContextDeps): PageContexts {
  const own: PageBrand = { name: config.brandName };
  const forOperator: PageContexts['forOperator'] = (request, here) => ({
    language: requestLanguage(request.headers),
    brand: own,
    currentPath: here ?? returnAddress(request),
    hasSessionCookie: SESSION_COOKIE.test(request.headers.cookie ?? ''),
  });
  return {
    forOperator,
    forStaff: forOperator,
    async forPractice(request, practiceId, here) {
      return { ...forOperator(request, here), brand: (await findBrand(db, practiceId)) ?? own };
    },
  };
}

const SESSION_COOKIE = /(?:^|;\s*)(?:__Host-)?session=/;

/**
 * Returns the URL that the language links lead back to. A page that answers a POST has none, because it can't be
 * requested again.
 */
const returnAddress = ({ method, url }: LocalizedRequest): string | undefined => (method === 'GET' ? url : undefined);
