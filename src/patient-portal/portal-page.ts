import { emptyHtml, type Html, html } from '../kernel/index.ts';
import { layout, signedInUser } from '../web-pages/index.ts';
import type { PatientPortalContext } from './portal-context.ts';

/** Main pages of a record. Each is the part of the path that follows `/account/{key}`. */
export const PORTAL_SECTIONS = ['', '/apps', '/log', '/record', '/downloads', '/receipts'] as const;
export type PortalSection = (typeof PORTAL_SECTIONS)[number];

export interface PortalPageContent {
  readonly title: string;
  readonly body: Html;
  readonly section: PortalSection;
  /** Paths of scripts on this server. */
  readonly scripts?: readonly string[];
}

/** Renders a page about one record. The page names the patient if it could be unclear whose record is shown. */
export function renderPortalPage(context: PatientPortalContext, page: PortalPageContent): Html {
  const { basePath, pageContext, messages, session, csrf } = context;
  const links = [
    { path: basePath, text: messages.overview },
    { path: `${basePath}/record`, text: messages.record },
    { path: `${basePath}/apps`, text: messages.apps },
    { path: `${basePath}/log`, text: messages.log },
    { path: `${basePath}/downloads`, text: messages.downloads },
    { path: `${basePath}/receipts`, text: messages.receipts },
  ];
  return layout(pageContext, {
    title: page.title,
    header: {
      navigation: { label: messages.navigation, links, currentPath: `${basePath}${page.section}` },
      user: signedInUser(pageContext, { ...session, csrf }),
    },
    scripts: page.scripts ?? [],
    body: html`${recordNotice(context)}${page.body}`,
  });
}

function recordNotice({ record, hasOtherRecords, patientName, messages, session }: PatientPortalContext): Html {
  const note = session.published ? html`<p class="hint">${messages.sharedAccountNote}</p>` : emptyHtml;
  if (patientName === undefined && !hasOtherRecords) return note;
  const practice = html`<span>${messages.recordAt(record.practiceName)}.</span>`;
  const whose = patientName === undefined ? practice : html`<b>${messages.actsFor(patientName)}</b> ${practice}`;
  const other = hasOtherRecords ? html` <a href="/account">${messages.otherRecord}</a>` : '';
  return html`
<p class="subtitle record-context">${whose}${other}</p>${note}`;
}

export const backLink = (path: string, text: string): Html => html`
<p class="back"><a href="${path}">${text}</a></p>`;

/** Renders labels and texts as an HTML definition list. Entries without a text are left out. */
export function definitionList(facts: readonly (readonly [name: string, value: Html | undefined])[]): Html {
  const items = facts.flatMap(([name, value]) =>
    value === undefined ? [] : [html`<div><dt>${name}</dt><dd>${value}</dd></div>`],
  );
  return items.length === 0 ? emptyHtml : html`<dl class="facts">${items}</dl>`;
}
