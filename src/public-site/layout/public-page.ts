import type { Html } from '../../kernel/index.ts';
import {
  layout,
  type PageContent,
  type PublicHeaderOptions,
  type PublicPageContext,
  publicHeader,
} from '../../web-pages/index.ts';

interface PublicPage extends Omit<PageContent, 'header'>, PublicHeaderOptions {
  /** Path of the main page to mark as current. */
  readonly here: string;
}

/** Renders a public page that belongs to no practice, with links to the other public pages. */
export const publicPage = (context: PublicPageContext, page: PublicPage): Html =>
  layout(context, { ...page, header: publicHeader(context, page.here, page) });
