import { getMessages } from '../../i18n/index.ts';
import { type Html, html } from '../../kernel/index.ts';
import {
  errorSummary,
  type FormFieldError,
  hiddenField,
  layout,
  pageTitle,
  signedInAs,
  signOutForm,
} from '../../web-pages/index.ts';
import { maskName, maskYear } from '../invitation/mask-name.ts';
import type { OpenedInvitation } from '../patient/opened-invitation.ts';
import { signInPath } from './account.ts';

export interface AddRecordPage {
  readonly csrf: string;
  /** Display name of the account that is signed in. */
  readonly name: string;
  /** Whether the record can be added to the account that is signed in. */
  readonly canAdd: boolean;
  readonly errors: readonly FormFieldError[];
}

/** Page that offers to add the record to the account that is signed in, instead of creating another account. */
export function addRecordPage(opened: OpenedInvitation, { csrf, name, canAdd, errors }: AddRecordPage): Html {
  const { pageContext, chart, path } = opened;
  const { addRecord } = getMessages(pageContext.language).enrollment;
  const text = addRecord.text(maskName(chart.name), maskYear(chart.birthDate ?? ''), chart.practiceName);
  const body = html`
${errorSummary(pageContext, errors)}
<h1>${addRecord.title}</h1>
${canAdd ? signedInAs(pageContext, { name, switchPath: signInPath(opened) }) : html`<p class="lead">${addRecord.unsuitableAccount(name)}</p>${signOutForm(pageContext, csrf)}`}
${canAdd ? html`<p>${text}</p><form method="post" action="${path}/add">${hiddenField('csrf', csrf)}<button id="add">${addRecord.button}</button></form>` : ''}
<p><a href="${path}/account">${addRecord.other}</a></p>`;
  return layout(pageContext, { title: pageTitle(pageContext, errors, addRecord.title), body });
}
