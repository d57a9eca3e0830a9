import { formatBirthDate } from '../../../i18n/index.ts';
import { type Html, html, joinHtml } from '../../../kernel/index.ts';
import { formatMissingItems } from '../actions/invite.ts';
import { formatPhone } from '../contact-format.ts';
import type { PatientPageView } from './view.ts';

/** Renders the patient's data from the chart, which can't be edited on this page. */
export function renderChartSection({ chart, identifiers, context }: PatientPageView): Html {
  const { chart: messages } = context.messages.patientPage;
  const { birthDate, age, emails, phones, addressLines, missing } = chart;
  const born =
    birthDate === undefined
      ? ''
      : `${formatBirthDate(context.pageContext.language, birthDate)}${age === undefined ? '' : ` (${age})`}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [messages.birthDate, born === '' ? [] : [born]],
    [messages.identifiers, identifiers],
    [messages.email, emails],
    [messages.phone, phones.map(formatPhone)],
    [messages.address, addressLines],
  ];
  const note =
    missing.length === 0
      ? ''
      : html`<div class="note"><p>${formatMissingItems(context, chart)} ${messages.noInvitations}</p></div>`;
  return html`
<section class="card"><h2>${messages.title}</h2>
<dl class="facts">${rows.map(([name, values]) => html`<div><dt>${name}</dt><dd>${renderValues(values, messages.none)}</dd></div>`)}</dl>
${note}
<p class="hint">${messages.source}</p></section>`;
}

const renderValues = (values: readonly string[], none: string): Html =>
  values.length === 0
    ? html`<span class="muted">${none}</span>`
    : joinHtml(
        values.map((value) => html`${value}`),
        html`<br>`,
      );
