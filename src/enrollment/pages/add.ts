import { html } from 'ghtml';
import {
  errorSummary,
  type FieldFault,
  hidden,
  layout,
  signedInAs,
  signOutForm,
  titleWith,
} from '../../pages/index.ts';
import { wordsIn } from '../../words/index.ts';
import { masked, maskedYear } from '../invitation/masked.ts';
import type { Opened } from '../patient/opened.ts';
import { signInPath } from './account.ts';

export interface AddPage {
  readonly csrf: string;
  /** Display name of the signed-in user. */
  readonly name: string;
  /** Whether a record can be added to the signed-in account. */
  readonly fit: boolean;
  readonly errors: readonly FieldFault[];
}

/** Offers to add the record to the signed-in account instead of creating another one. */
export function addPage(opened: Opened, { csrf, name, fit, errors }: AddPage): string {
  const { pageContext, chart, path } = opened;
  const { add } = wordsIn(pageContext.language).enrollment;
  const text = add.text(masked(chart.name), maskedYear(chart.birthDate ?? ''), chart.practiceName);
  const body = html`
!${errorSummary(pageContext, errors)}
<h1>${add.title}</h1>
!${fit ? signedInAs(pageContext, { name, switchPath: signInPath(opened) }) : html`<p class="lead">${add.unfit(name)}</p>!${signOutForm(pageContext, csrf)}`}
!${fit ? html`<p>${text}</p><form method="post" action="${path}/add">!${hidden('csrf', csrf)}<button id="add">${add.button}</button></form>` : ''}
<p><a href="${path}/account">${add.other}</a></p>`;
  return layout(pageContext, { title: titleWith(pageContext, errors, add.title), body });
}
