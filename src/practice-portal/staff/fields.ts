import { getMessages, type PageContext } from '../../i18n/index.ts';
import { STAFF_ROLES, type StaffRole } from '../../identity/index.ts';
import { attribute, type Html, html } from '../../kernel/index.ts';
import { choiceField, type FormFieldError, textField } from '../../web-pages/index.ts';
import type { DirectoryPractitioner } from './parse-staff-form.ts';

/** Renders the form fields for the name and email address of the invited person. */
export function renderInviteeFields(
  pageContext: PageContext,
  { name, email }: { readonly name: string; readonly email: string },
  errors: readonly FormFieldError[],
): Html {
  const messages = getMessages(pageContext.language).practicePortal.staff.newInvitation;
  return html`
  ${textField(pageContext, { name: 'name', label: messages.name, value: name, autocomplete: 'off', maxlength: 100 }, errors)}
  ${textField(
    pageContext,
    {
      name: 'email',
      label: messages.email,
      hint: messages.emailHint,
      type: 'email',
      value: email,
      autocomplete: 'off',
      maxlength: 254,
    },
    errors,
  )}`;
}

export interface AssignmentFields {
  readonly roles: readonly StaffRole[];
  readonly practitionerId: string | undefined;
  readonly directory: readonly DirectoryPractitioner[];
}

/** Renders the form fields for a person's roles and entry in the practice's directory. */
export function renderAssignmentFields(
  pageContext: PageContext,
  job: AssignmentFields,
  errors: readonly FormFieldError[],
): Html {
  const { shared, staff } = getMessages(pageContext.language).practicePortal;
  return html`
  ${choiceField(
    pageContext,
    {
      name: 'roles',
      legend: staff.assignment.roles,
      kind: 'checkbox',
      choices: STAFF_ROLES.map((role) => ({
        value: role,
        label: capitalize(shared.roles[role]),
        hint: staff.assignment.roleHints[role],
        checked: job.roles.includes(role),
      })),
    },
    errors,
  )}
  ${renderPractitionerField(pageContext, job, errors)}`;
}

/** Returns the text with an upper-case first letter. */
export const capitalize = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

function renderPractitionerField(
  { language }: PageContext,
  { practitionerId = '', directory }: AssignmentFields,
  errors: readonly FormFieldError[],
): Html {
  const { common, practicePortal } = getMessages(language);
  const messages = practicePortal.staff.assignment;
  const error = errors.find(({ field }) => field === 'practitioner');
  const option = ({ id, name }: DirectoryPractitioner): Html =>
    html`<option value="${id}" ${attribute('selected', id === practitionerId)}>${name}</option>`;
  return html`
  <label for="practitioner">${messages.practitioner}</label>
  <p class="hint" id="about-practitioner">${messages.practitionerHint}</p>${error !== undefined && html`<p class="field-error" id="error-practitioner"><b>${common.error}:</b> ${error.message}</p>`}
  <select id="practitioner" name="practitioner" aria-describedby="about-practitioner${error !== undefined && ' error-practitioner'}" ${attribute('aria-invalid', error !== undefined && 'true')}>
    <option value="">${messages.noPractitioner}</option>
    ${directory.map(option)}
  </select>`;
}
