import { formatLongDateTime, formatNumber, getMessages, type Language, type PageContext } from '../../i18n/index.ts';
import { classifyRejection } from '../../intake/index.ts';
import { type Html, html, toSingleLine } from '../../kernel/index.ts';
import { categoryLabel } from '../category-labels.ts';
import type { StaffContext } from '../roles.ts';
import { practicePath, renderStaffPage } from '../staff-page.ts';
import type { PracticeFeed, RejectedPracticeEntry } from './feeds.ts';

export interface FeedsPage extends StaffContext {
  readonly csrf: string;
  readonly feeds: readonly PracticeFeed[];
  /** The newest rejected entries. */
  readonly rejected: readonly RejectedPracticeEntry[];
  /** Maximum number of rejected entries on the page. */
  readonly limit: number;
  /** IANA time zone of the times on the page. */
  readonly timeZone: string;
}

export function renderFeedsPage(pageContext: PageContext, page: FeedsPage): Html {
  const { job, feeds, session } = page;
  const { language } = pageContext;
  const messages = getMessages(language).practicePortal.feeds;
  const body = html`
<h1>${messages.title}</h1>
<p class="lead">${messages.lead(job.practiceName)}</p>
${session.published && html`<p class="hint">${messages.sharedAccountNote}</p>`}
${feeds.length === 0 ? html`<div class="empty-state"><p>${messages.none}</p></div>` : feeds.map((feed) => renderFeed(language, feed, page.timeZone))}
${feeds.length > 0 && renderRejected(language, page)}`;
  const currentPath = practicePath(job.practiceId, 'feeds');
  return renderStaffPage(pageContext, { ...page, title: messages.title, body, currentPath });
}

function renderFeed(language: Language, feed: PracticeFeed, timeZone: string): Html {
  const messages = getMessages(language).practicePortal.feeds;
  const fact = (name: string, value: string): Html => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
  const count = (name: string, value: number): Html => fact(name, formatNumber(language, value));
  return html`
<section class="card"><h2>${formatSender(language, feed.name)}</h2>
<dl class="facts">${fact(messages.lastReceived, formatLongDateTime(language, feed.lastAt, timeZone))}${count(messages.messages, feed.inputs)}${count(messages.stored, feed.written)}${feed.stale > 0 && count(messages.outdated, feed.stale)}${count(messages.rejected, feed.refused)}</dl></section>`;
}

function renderRejected(language: Language, { rejected, limit, timeZone }: FeedsPage): Html {
  const messages = getMessages(language).practicePortal.feeds;
  const { columns } = messages;
  const row = (entry: RejectedPracticeEntry): Html => {
    const { refusedAt, sender, type } = entry;
    return html`
    <tr><td data-name="${columns.time}">${formatLongDateTime(language, refusedAt, timeZone)}</td><td data-name="${columns.sender}">${formatSender(language, sender)}</td>
      <th scope="row">${categoryLabel(language, type) ?? messages.otherData}</th>
      <td data-name="${columns.problem}">${renderProblem(language, entry)}</td></tr>`;
  };
  const heads = Object.values(columns).map((name) => html`<th scope="col">${name}</th>`);
  return html`
<h2 class="section-title" id="rejected">${messages.rejectedTitle}</h2>
${
  rejected.length === 0
    ? html`<p>${messages.noneRejected}</p>`
    : html`<p>${messages.rejectedLead}</p>
<table class="stack" aria-labelledby="rejected"><thead><tr>${heads}</tr></thead><tbody>${rejected.map(row)}</tbody></table>
${rejected.length >= limit && html`<p class="muted">${messages.newest(limit)}</p>`}`
}`;
}

/** Renders the problem and what staff do about it. The technical details are in English, for the system's vendor. */
function renderProblem(language: Language, entry: RejectedPracticeEntry): Html {
  const messages = getMessages(language).practicePortal.feeds;
  const { title, happened, next } = messages.problems[classifyRejection(entry)];
  const { type, sourceId, reason } = entry;
  return html`<b>${title}.</b> ${happened}<br>${next}
<details class="technical"><summary>${messages.technicalDetails}</summary><p lang="en"><code>${sourceId === undefined ? type : `${type}/${sourceId}`}</code><br>${toSingleLine(reason, 500)}</p></details>`;
}

const formatSender = (language: Language, name: string | undefined): string =>
  name === undefined ? getMessages(language).practicePortal.feeds.unknownSender : toSingleLine(name, 100);
