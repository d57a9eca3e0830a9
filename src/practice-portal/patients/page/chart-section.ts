import { formatBirthDate } from '../../../i18n/index.ts';
import { type Html, html, joinHtml } from '../../../kernel/index.ts';
import { formatMissingItems } from '../actions/invite.ts';
import { formatPhone } from '../contact-format.ts';
import type { PatientPageView } from './view.ts';

/** Renders the patient's data from the chart, which can't be edited on this page. */
export function renderChartSection({ chart, identifiers }: PatientPageView): Html {
  const { birthDate, age, emails, phones, addressLines, missing } = chart;
  const born =
    birthDate === undefined ? '' : `${formatBirthDate('en', birthDate)}${age === undefined ? '' : ` (${age})`}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Birth date', born === '' ? [] : [born]],
    ['MRN and other identifiers', identifiers],
    ['Email', emails],
    ['Phone', phones.map(formatPhone)],
    ['Home address', addressLines],
  ];
  const note =
    missing.length === 0
      ? ''
      : html`<div class="note"><p>${formatMissingItems(chart)} You can’t send invitations until then.</p></div>`;
  return html`
<section><h2>Chart data</h2>
<dl class="facts">${rows.map(([name, values]) => html`<div><dt>${name}</dt><dd>${renderValues(values)}</dd></div>`)}</dl>
${note}
<p class="hint">This data comes from your EHR. Correct or complete it there.</p></section>`;
}

const renderValues = (values: readonly string[]): Html =>
  values.length === 0
    ? html`<span class="none">not on the chart</span>`
    : joinHtml(
        values.map((value) => html`${value}`),
        html`<br>`,
      );
