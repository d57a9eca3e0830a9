import { formatBirthDate } from '../../../i18n/index.ts';
import { type Html, html } from '../../../kernel/index.ts';
import { formatMissingItems } from '../actions/invite.ts';
import { formatPhone } from '../contact-format.ts';
import { type Fact, renderFactList } from '../fact-list.ts';
import type { PatientPageView } from './view.ts';

/** Renders the patient's data from the chart, which can't be edited on this page. */
export function renderChartSection({ chart, identifiers, context }: PatientPageView): Html {
  const { chart: messages } = context.messages.patientPage;
  const { birthDate, age, emails, phones, addressLines, missing } = chart;
  const born =
    birthDate === undefined
      ? ''
      : `${formatBirthDate(context.pageContext.language, birthDate)}${age === undefined ? '' : ` (${age})`}`;
  const facts: readonly Fact[] = [
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
<section class="card"><h2>${messages.title}</h2>${renderFactList(facts, messages.none)}
${note}
<p class="hint">${messages.source}</p></section>`;
}
