import { html } from 'ghtml';
import { choiceField, type FieldFault, textField } from '../../pages/index.ts';
import { ROLES, type Role } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';
import { ROLE_NAMES } from '../roles.ts';
import type { Practitioner } from './read-job.ts';
import { ROLE_HINTS } from './words.ts';

/** Form fields for the name and email address of the invited person. */
export const personFields = (
  pageContext: Frame,
  { name, email }: { readonly name: string; readonly email: string },
  errors: readonly FieldFault[],
): string => html`
  !${textField(pageContext, { name: 'name', label: 'Full name', value: name, autocomplete: 'off', maxlength: 100 }, errors)}
  !${textField(
    pageContext,
    {
      name: 'email',
      label: 'E-mail address (optional)',
      hint: 'The invitation is sent there. Without one you get a link to hand over yourself.',
      type: 'email',
      value: email,
      autocomplete: 'off',
      maxlength: 254,
    },
    errors,
  )}`;

export interface JobFields {
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
  readonly directory: readonly Practitioner[];
}

/** Form fields for the roles and the entry in the practice's directory. */
export const jobFields = (pageContext: Frame, job: JobFields, errors: readonly FieldFault[]): string => html`
  !${choiceField(
    pageContext,
    {
      name: 'roles',
      legend: 'What does this person do?',
      kind: 'checkbox',
      choices: ROLES.map((role) => ({
        value: role,
        label: capital(ROLE_NAMES[role]),
        hint: ROLE_HINTS[role],
        checked: job.roles.includes(role),
      })),
    },
    errors,
  )}
  !${practitionerField(pageContext, job, errors)}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function practitionerField(
  _frame: Frame,
  { practitionerId = '', directory }: JobFields,
  errors: readonly FieldFault[],
): string {
  const error = errors.find(({ field }) => field === 'practitioner');
  const option = ({ id, name }: Practitioner): string =>
    html`<option value="${id}" !${id === practitionerId ? 'selected' : ''}>${name}</option>`;
  const errorHtml =
    error === undefined ? '' : html`<p class="wrong" id="fault-practitioner"><b>Error:</b> ${error.message}</p>`;
  return html`
  <label for="practitioner">Who are they in the practice’s directory?</label>
  <p class="hint" id="about-practitioner">Apps are opened in this name. Only for clinicians.</p>!${errorHtml}
  <select id="practitioner" name="practitioner" aria-describedby="about-practitioner!${error === undefined ? '' : ' fault-practitioner'}" !${error === undefined ? '' : 'aria-invalid="true"'}>
    <option value="">Nobody: opens no apps</option>
    !${directory.map(option).join('')}
  </select>`;
}
