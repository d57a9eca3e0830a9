import { type Html, html, joinHtml } from '../../kernel/index.ts';

/** A name and its values, such as the phone numbers of a patient. */
export type Fact = readonly [name: string, values: readonly string[]];

/** Renders facts of a patient. @param none text of a fact without values */
export const renderFactList = (facts: readonly Fact[], none: string): Html => html`
<dl class="facts">${facts.map(([name, values]) => html`<div><dt>${name}</dt><dd>${renderValues(values, none)}</dd></div>`)}</dl>`;

const renderValues = (values: readonly string[], none: string): Html =>
  values.length === 0
    ? html`<span class="muted">${none}</span>`
    : joinHtml(
        values.map((value) => html`${value}`),
        html`<br>`,
      );
