import type { PracticeId } from '../kernel/index.ts';
import type { Language } from './language.ts';

/** The brand that a page shows to its reader. */
export interface PageBrand {
  readonly name: string;
  /** Path of the logo. */
  readonly logo?: string | undefined;
  /** Path of the stylesheet with the brand's color. */
  readonly style?: string | undefined;
  readonly phone?: string | undefined;
  readonly email?: string | undefined;
  readonly website?: string | undefined;
}

/** Language and brand of a page's layout. */
export interface PageContext {
  readonly language: Language;
  readonly brand: PageBrand;
  /** Path that shows the page again in another language; undefined if it can't be shown again. */
  readonly currentPath: string | undefined;
}

/** The part of a request that determines the layout. */
export interface LocalizedRequest {
  readonly method: string;
  readonly url: string;
  readonly headers: { readonly cookie?: string | undefined; readonly 'accept-language'?: string | undefined };
}

export interface PageContexts {
  /**
   * Returns the layout with the operator's brand.
   * @param here path that shows the page again, for a page that answers a submitted form
   */
  forOperator(request: LocalizedRequest, here?: string): PageContext;
  /**
   * Returns the layout for staff pages, which have the operator's brand.
   * @param here as for `forOperator`
   */
  forStaff(request: LocalizedRequest, here?: string): PageContext;
  /** Returns the layout with the brand of a practice. */
  forPractice(request: LocalizedRequest, practiceId: PracticeId, here?: string): Promise<PageContext>;
}
