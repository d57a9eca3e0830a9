import { type Html, html } from '../../kernel/index.ts';
import { splitOwnUrls } from '../../mail/index.ts';

/** Renders the text of an email, with URLs of this server as links. All other content stays text. */
export const linkOwnUrls = (text: string, publicUrl: string): readonly Html[] =>
  splitOwnUrls(text, publicUrl).map(({ text: piece, url }) =>
    url === undefined ? html`${piece}` : html`<a href="${url.pathname}${url.search}">${piece}</a>`,
  );
