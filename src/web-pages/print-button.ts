import { attribute, type Html, html } from '../kernel/index.ts';

/** Paths of the scripts that a page with a `printButton` needs. */
export const PRINT_SCRIPTS: readonly string[] = ['/assets/print.js'];

/**
 * Renders a button that prints the page. It isn't printed itself.
 * @param label text of the button
 * @param options.hint how to print the page, for browsers without JavaScript. They don't show the button
 * @param options.main whether printing is what the page is for, so that its button is filled
 */
export const printButton = (
  label: string,
  { hint, main = false }: { readonly hint?: string; readonly main?: boolean } = {},
): Html => html`
<div class="unprinted print"><button type="button" ${attribute('class', !main && 'secondary')} data-print hidden>${label}</button>${hint !== undefined && html`<p class="hint" data-print-hint>${hint}</p>`}</div>`;
