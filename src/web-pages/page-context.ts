import type { FastifyRequest } from 'fastify';
import type { Config } from '../config/index.ts';
import type { Executor } from '../database/index.ts';
import {
  type LocalizedRequest,
  type PageBrand,
  type PageContext,
  type PageContexts,
  requestLanguage,
} from '../i18n/index.ts';
import type { IdentityModule, PageUser } from '../identity/index.ts';
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
  });
  return {
    forOperator,
    forStaff: forOperator,
    async forPractice(request, practiceId, here) {
      return { ...forOperator(request, here), brand: (await findBrand(db, practiceId)) ?? own };
    },
  };
}

/** Language and brand of a public page, with the account that is signed in. */
export interface PublicPageContext extends PageContext {
  readonly user?: Pick<PageUser, 'kind' | 'sandboxAdministrator'> | undefined;
}

/** Returns the page context of a public page, which needs no account. */
export type FindPublicContext = (request: FastifyRequest) => Promise<PublicPageContext>;

/** Creates the function that returns the page context of public pages. */
export const createPublicContexts =
  (pageContexts: PageContexts, { signedIn }: Pick<IdentityModule, 'signedIn'>): FindPublicContext =>
  async (request) => ({ ...pageContexts.forOperator(request), user: await signedIn.current(request) });

/**
 * Returns the URL that the language links lead back to. A page that answers a POST has none, because it can't be
 * requested again.
 */
const returnAddress = ({ method, url }: LocalizedRequest): string | undefined => (method === 'GET' ? url : undefined);
