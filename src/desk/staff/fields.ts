import { html } from 'ghtml';
import { choiceField, type FieldFault, textField } from '../../pages/index.ts';
import { ROLES, type Role } from '../../people/index.ts';
import type { Frame } from '../../words/index.ts';
import { ROLE_NAMES } from '../roles.ts';
import type { Practitioner } from './read-job.ts';
import { ROLE_HINTS } from './words.ts';

/** Name and address of somebody who is to be invited. */
export const personFields = (
  frame: Frame,
  { name, email }: { readonly name: string; readonly email: string },
  faults: readonly FieldFault[],
): string => html`
  !${textField(frame, { name: 'name', label: 'Full name', value: name, autocomplete: 'off', maxlength: 100 }, faults)}
  !${textField(
    frame,
    {
      name: 'email',
      label: 'E-mail address (optional)',
      hint: 'The invitation is sent there. Without one you get a link to hand over yourself.',
      type: 'email',
      value: email,
      autocomplete: 'off',
      maxlength: 254,
    },
    faults,
  )}`;

export interface JobFields {
  readonly roles: readonly Role[];
  readonly practitionerId: string | undefined;
  readonly directory: readonly Practitioner[];
}

/** What somebody does, and who they are in the practice's directory. */
export const jobFields = (frame: Frame, job: JobFields, faults: readonly FieldFault[]): string => html`
  !${choiceField(
    frame,
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
    faults,
  )}
  !${practitionerField(frame, job, faults)}`;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function practitionerField(
  _frame: Frame,
  { practitionerId = '', directory }: JobFields,
  faults: readonly FieldFault[],
): string {
  const fault = faults.find(({ field }) => field === 'practitioner');
  const option = ({ id, name }: Practitioner): string =>
    html`<option value="${id}" !${id === practitionerId ? 'selected' : ''}>${name}</option>`;
  const wrong =
    fault === undefined ? '' : html`<p class="wrong" id="fault-practitioner"><b>Error:</b> ${fault.message}</p>`;
  return html`
  <label for="practitioner">Who are they in the practice’s directory?</label>
  <p class="hint" id="about-practitioner">Apps are opened in this name. Only for clinicians.</p>!${wrong}
  <select id="practitioner" name="practitioner" aria-describedby="about-practitioner!${fault === undefined ? '' : ' fault-practitioner'}" !${fault === undefined ? '' : 'aria-invalid="true"'}>
    <option value="">Nobody: opens no apps</option>
    !${directory.map(option).join('')}
  </select>`;
}
