import { html } from 'ghtml';
import { birthDateOf } from '../../../words/index.ts';
import { missingText } from '../invite.ts';
import { spokenPhone } from '../masked.ts';
import type { PatientView } from './view.ts';

/** Patient data from the chart. It can't be edited here. */
export function chartSection({ chart, numbers }: PatientView): string {
  const { birthDate, age, emails, phones, addressLines, missing } = chart;
  const born = birthDate === undefined ? '' : `${birthDateOf('en', birthDate)}${age === undefined ? '' : ` (${age})`}`;
  const rows: readonly (readonly [string, readonly string[]])[] = [
    ['Birth date', born === '' ? [] : [born]],
    ['MRN and other numbers', numbers],
    ['E-mail', emails],
    ['Phone', phones.map(spokenPhone)],
    ['Home', addressLines],
  ];
  const note =
    missing.length === 0
      ? ''
      : html`<div class="note"><p>${missingText(chart)} Until then nobody can be invited.</p></div>`;
  return html`
<section><h2>On the chart</h2>
<dl class="facts">!${rows.map(([name, values]) => html`<div><dt>${name}</dt><dd>!${valuesOf(values)}</dd></div>`).join('')}</dl>
!${note}
<p class="hint">This is read from your EHR. What is wrong or missing there is put right there.</p></section>`;
}

const valuesOf = (values: readonly string[]): string =>
  values.length === 0
    ? '<span class="none">not on the chart</span>'
    : values.map((value) => html`${value}`).join('<br>');
