import { formatLongDate, formatTime } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import { hiddenField } from '../../web-pages/index.ts';
import { formatMinute, toIsoDate } from '../date-format.ts';
import type { PatientPortalContext } from '../portal-context.ts';
import { backLink, renderPortalPage } from '../portal-page.ts';
import { sanitizeText } from '../sanitize-text.ts';
import type { AppConnection } from './connection.ts';
import { policyLink } from './pages.ts';
import type { OtherConnection } from './store.ts';
import { describeNoReads } from './usage-text.ts';

/**
 * Renders the page that asks the person to confirm the disconnection. It names the app and says what ends and what
 * doesn't.
 */
export function renderDisconnectPage(
  context: PatientPortalContext,
  connection: AppConnection,
  others: readonly OtherConnection[],
): Html {
  const { messages, basePath, patientName, csrf } = context;
  const { disconnect: w } = messages;
  const app = sanitizeText(connection.grant.app);
  const path = `${basePath}/apps/${connection.grant.grant_id}`;
  const policy = policyLink(context, connection);
  const body = html`
<h1>${w.title(app)}</h1>
<p class="lead">${w.lead(app, patientName)}</p>
<p>${w.retainedData(app)}${policy !== undefined && html` ${w.policy}`}</p>
${policy}
${otherConnectionsNote(context, app, others)}
<p>${w.again}</p>
<form method="post" action="${path}/disconnect">${hiddenField('csrf', csrf)}
  <div class="buttons"><button class="danger">${w.yes(app)}</button><a class="button secondary" href="${path}">${w.no}</a></div>
</form>`;
  return renderPortalPage(context, { title: w.title(app), body, section: '/apps' });
}

function otherConnectionsNote(
  { messages: { disconnect: w } }: PatientPortalContext,
  app: string,
  others: readonly OtherConnection[],
): Html {
  const ownConnections = others.filter((one) => one.mine);
  const links = ownConnections.map(
    ({ recordKey, grantId, person, practice }) =>
      html`<li><a href="/account/${recordKey}/apps/${grantId}">${sanitizeText(person)}, ${practice}</a></li>`,
  );
  return html`
${ownConnections.length === 0 ? '' : html`<p>${w.otherRecords(app)}</p><ul>${links}</ul>`}
${ownConnections.length === others.length ? '' : html`<p>${w.otherConnections(app)}</p>`}`;
}

/**
 * Renders the confirmation that an app was disconnected. It shows when access ended and when the app last read data,
 * both from the audit log.
 */
export function renderDisconnectedPage(
  context: PatientPortalContext,
  connection: AppConnection,
  others: readonly OtherConnection[],
): Html {
  const { messages, basePath } = context;
  const { disconnect: w } = messages;
  const { usage } = connection;
  const app = sanitizeText(connection.grant.app);
  const ended = lastAccess(connection);
  const body = html`
${backLink(`${basePath}/apps`, w.toApps)}
<h1>${w.doneTitle(app)}</h1>
<p class="note" role="status">${ended === undefined ? '' : html`${w.endedAt(formatSecond(context, ended, ended))} `}${describeLastRead(context, usage, ended)}</p>
<p class="hint">${ended === undefined ? '' : formatMinute(context, ended)}. ${w.sourceNote}</p>
<p>${w.retentionNote(app)}</p>
${policyLink(context, connection)}
${otherConnectionsNote(context, app, others)}`;
  return renderPortalPage(context, { title: w.doneTitle(app), body, section: '/apps' });
}

/**
 * Returns when access really ended. A request that was running at the moment of disconnection was still answered, so
 * its time counts if it is later.
 */
function lastAccess({ endedAt, usage }: AppConnection): Date | undefined {
  if (endedAt === undefined || usage?.last === undefined) return endedAt;
  return usage.last > endedAt ? usage.last : endedAt;
}

function describeLastRead(
  context: PatientPortalContext,
  usage: AppConnection['usage'],
  ended: Date | undefined,
): string {
  const { messages, patientName } = context;
  if (usage === undefined) return messages.disconnect.neverRead;
  if (usage.last === undefined) return describeNoReads(context, usage);
  const at = formatSecond(context, usage.last, ended);
  return patientName === undefined ? messages.disconnect.lastRead(at) : messages.disconnect.lastReadOf(at, patientName);
}

/** Formats a time to the second. The date is added if it differs from the date on which access ended. */
function formatSecond(
  { pageContext, record, messages }: PatientPortalContext,
  at: Date,
  ended: Date | undefined,
): string {
  const { timeZone } = record;
  const time = formatTime(pageContext.language, at, timeZone);
  const isSameDay = ended !== undefined && toIsoDate(at, timeZone) === toIsoDate(ended, timeZone);
  return isSameDay
    ? time
    : `${time}${messages.disconnect.onOtherDay(formatLongDate(pageContext.language, at, timeZone))}`;
}
