import { type Html, html } from '../../../kernel/index.ts';
import type { PatientPortalContext } from '../../portal-context.ts';

/** Maximum length of a search in characters. */
export const MAX_QUERY_LENGTH = 100;

/** Renders the search form. It uses GET and works without scripts. */
export function searchForm({ basePath, messages }: PatientPortalContext, query = ''): Html {
  const { search: w } = messages.patientRecord;
  return html`
<form class="search-row record-search screen" method="get" action="${basePath}/record/search" role="search">
<label for="q">${w.label}</label>
<input id="q" name="q" type="search" value="${query}" maxlength="${MAX_QUERY_LENGTH}" autocapitalize="none">
<button>${w.button}</button></form>`;
}
