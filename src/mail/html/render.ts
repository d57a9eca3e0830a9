import type { Language } from '../../i18n/index.ts';
import { attribute, emptyHtml, type Html, html, htmlToString, joinHtml, raw } from '../../kernel/index.ts';
import type { EmailButton } from '../email.ts';
import { FOOTER_SEPARATOR } from '../email-text.ts';
import { parseOwnUrl, splitOwnUrls } from '../own-urls.ts';
import { type EmailBlock, type ListItem, toBlocks } from './blocks.ts';
import { COLUMN_WIDTH, type EmailColors, type EmailStyles, emailStyles } from './styles.ts';

export interface EmailDocument {
  readonly subject: string;
  /** Plain text with the footer. */
  readonly content: string;
  readonly language: Language;
  readonly senderName: string;
  readonly button: EmailButton | undefined;
  readonly colors: EmailColors;
  /** URL of this server. Only URLs of this server become links. */
  readonly publicUrl: string;
}

interface Rendering extends EmailStyles, Pick<EmailDocument, 'button' | 'publicUrl'> {}

/**
 * Renders the HTML part of an email from its plain text, so that both parts say the same. It loads nothing: no images,
 * fonts or scripts. Tables and inline styles are for mail clients that ignore newer CSS.
 */
export function renderEmailHtml({ subject, content, language, senderName, colors, ...rest }: EmailDocument): string {
  const rendering = { ...emailStyles(colors), ...rest };
  const { style, darkStylesheet } = rendering;
  const end = content.lastIndexOf(FOOTER_SEPARATOR);
  const body = end < 0 ? content : content.slice(0, end);
  const footer = end < 0 ? '' : content.slice(end + FOOTER_SEPARATOR.length);
  return htmlToString(html`<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${subject}</title>
${styleElement(darkStylesheet)}
</head>
<body class="page" ${attribute('style', style('body', 'page'))}>
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" border="0" ${attribute('style', style('table', 'page'))}><tr><td align="center" ${attribute('style', style('outer'))}>
<table role="presentation" width="${COLUMN_WIDTH}" cellpadding="0" cellspacing="0" border="0" ${attribute('style', style('column'))}>
<tr><td class="text" align="left" ${attribute('style', style('brand', 'text'))}><div role="banner">${senderName}</div></td></tr>
<tr><td class="card" align="left" ${attribute('style', style('card', 'card'))}><div role="main">
<h1 class="text" ${attribute('style', style('heading', 'text'))}>${subject}</h1>
${renderBlocks(withoutTitle(toBlocks(body), subject), rendering)}
</div></td></tr>
<tr><td align="left" ${attribute('style', style('footer'))}><div role="contentinfo">
${toBlocks(footer).map((block) => renderFooterBlock(block, rendering))}
</div></td></tr>
</table>
</td></tr></table>
</body>
</html>
`);
}

/** Omits a first line that is the subject, because the heading is the subject too. */
const withoutTitle = (blocks: readonly EmailBlock[], subject: string): readonly EmailBlock[] =>
  blocks[0]?.kind === 'paragraph' && blocks[0].lines.length === 1 && blocks[0].lines[0] === subject
    ? blocks.slice(1)
    : blocks;

const styleElement = (stylesheet: string): Html => raw(`<style>${stylesheet}</style>`);

/** Renders the text. The line with the URL of the button becomes the button, with the URL below it. */
function renderBlocks(blocks: readonly EmailBlock[], rendering: Rendering): Html {
  const { button, publicUrl } = rendering;
  const isOwn = button !== undefined && parseOwnUrl(button.url, publicUrl) !== undefined;
  const at = isOwn ? blocks.findIndex((block) => block.kind === 'paragraph' && block.lines.includes(button.url)) : -1;
  return joinHtml(
    blocks.map((block, index) =>
      index === at && button !== undefined && block.kind === 'paragraph'
        ? renderButtonParagraph(block.lines, button, rendering)
        : renderBlock(block, rendering),
    ),
    '\n',
  );
}

function renderButtonParagraph(lines: readonly string[], button: EmailButton, rendering: Rendering): Html {
  const { style } = rendering;
  const line = lines.indexOf(button.url);
  const paragraph = (some: readonly string[]): Html =>
    some.length === 0 ? emptyHtml : renderBlock({ kind: 'paragraph', lines: some }, rendering);
  return html`${paragraph(lines.slice(0, line))}
<p ${attribute('style', style('buttonRow'))}><a class="button" href="${button.url}" ${attribute('style', style('button', 'button'))}>${button.label}</a></p>
<p class="muted" ${attribute('style', style('url', 'muted'))}>${renderText(button.url, rendering)}</p>
${paragraph(lines.slice(line + 1))}`;
}

function renderBlock(block: EmailBlock, rendering: Rendering): Html {
  const { style } = rendering;
  if (block.kind === 'list') return renderList(block.items, rendering);
  if (block.lines.length === 1 && /^\d{6}$/.test(block.lines[0] ?? '')) {
    return html`<p ${attribute('style', style('paragraph'))}><span class="code" ${attribute('style', style('code', 'code'))}>${block.lines[0]}</span></p>`;
  }
  return html`<p class="text" ${attribute('style', style('paragraph', 'text'))}>${renderLines(block.lines, rendering)}</p>`;
}

function renderList(items: readonly ListItem[], rendering: Rendering): Html {
  const { style } = rendering;
  const listItems = items.map(
    ({ number, lines }) =>
      html`<li ${attribute('value', number)} ${attribute('style', style('item'))}>${renderLines(lines, rendering)}</li>`,
  );
  return items[0]?.number === undefined
    ? html`<ul class="text" ${attribute('style', style('list', 'text'))}>${listItems}</ul>`
    : html`<ol class="text" ${attribute('style', style('list', 'text'))}>${listItems}</ol>`;
}

const renderFooterBlock = (block: EmailBlock, rendering: Rendering): Html =>
  block.kind === 'list'
    ? renderList(block.items, rendering)
    : html`<p class="muted" ${attribute('style', rendering.style('small', 'muted'))}>${renderLines(block.lines, rendering)}</p>`;

const renderLines = (lines: readonly string[], rendering: Rendering): Html =>
  joinHtml(
    lines.map((line) => renderText(line, rendering)),
    html`<br>`,
  );

const renderText = (text: string, { style, publicUrl }: Rendering): Html =>
  html`${splitOwnUrls(text, publicUrl).map(({ text: piece, url }) =>
    url === undefined
      ? html`${piece}`
      : html`<a class="link" href="${piece}" ${attribute('style', style('link', 'link'))}>${piece}</a>`,
  )}`;
