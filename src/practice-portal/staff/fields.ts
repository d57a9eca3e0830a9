import type { PageContext } from '../../i18n/index.ts';
import { STAFF_ROLES, type StaffRole } from '../../identity/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import { choiceField, type FormFieldError, textField } from '../../web-pages/index.ts';
import { ROLE_NAMES } from '../roles.ts';
import type { DirectoryPractitioner } from './parse-staff-form.ts';
import { ROLE_HINTS } from './role-names.ts';

/** Renders the form fields for the name and email address of the invited person. */
export const renderInviteeFields = (
  pageContext: PageContext,
  { name, email }: { readonly name: string; readonly email: string },
  errors: readonly FormFieldError[],
): Html => html`
  ${textField(pageContext, { name: 'name', label: 'Full name', value: name, autocomplete: 'off', maxlength: 100 }, errors)}
  ${textField(
    pageContext,
    {
      name: 'email',
      label: 'Email address (optional)',
      hint: 'We email the invitation to this address. Without an address, you get a link to pass on yourself.',
      type: 'email',
      value: email,
      autocomplete: 'off',
      maxlength: 254,
    },
    errors,
  )}`;

export interface AssignmentFields {
  readonly roles: readonly StaffRole[];
  readonly practitionerId: string | undefined;
  readonly directory: readonly DirectoryPractitioner[];
}

/** Renders the form fields for a person's roles and entry in the practice's directory. */
export const renderAssignmentFields = (
  pageContext: PageContext,
  job: AssignmentFields,
  errors: readonly FormFieldError[],
): Html => html`
  ${choiceField(
    pageContext,
    {
      name: 'roles',
      legend: 'Roles',
      kind: 'checkbox',
      choices: STAFF_ROLES.map((role) => ({
        value: role,
        label: capitalize(ROLE_NAMES[role]),
        hint: ROLE_HINTS[role],
        checked: job.roles.includes(role),
      })),
    },
    errors,
  )}
  ${renderPractitionerField(pageContext, job, errors)}`;

const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function renderPractitionerField(
  _frame: PageContext,
  { practitionerId = '', directory }: AssignmentFields,
  errors: readonly FormFieldError[],
): Html {
  const error = errors.find(({ field }) => field === 'practitioner');
  const option = ({ id, name }: DirectoryPractitioner): Html =>
    html`<option value="${id}" ${attribute('selected', id === practitionerId)}>${name}</option>`;
  return html`
  <label for="practitioner">Practitioner in the practice’s directory</label>
  <p class="hint" id="about-practitioner">Apps open under this practitioner’s name. Only for clinicians.</p>${error !== undefined && html`<p class="wrong" id="fault-practitioner"><b>Error:</b> ${error.message}</p>`}
  <select id="practitioner" name="practitioner" aria-describedby="about-practitioner${error !== undefined && ' fault-practitioner'}" ${attribute('aria-invalid', error !== undefined && 'true')}>
    <option value="">None (can’t open apps)</option>
    ${directory.map(option)}
  </select>`;
}
