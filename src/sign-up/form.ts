import { getMessages, type Language } from '../i18n/index.ts';
import { passwordErrorMessage, validatePassword } from '../identity/index.ts';
import { isPlainName, normalizeLine } from '../portal-api/index.ts';
import type { FormFieldError } from '../web-pages/index.ts';
import type { OrganisationMatch } from './organisation-match.ts';

/** A form as the browser sent it, not validated. */
export type SignUpForm = Readonly<Record<string, unknown>>;

/** Returns a field as text. A field that is sent twice arrives as an array and counts as empty. */
export const formField = (form: SignUpForm | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export interface SignUpInput {
  readonly name: string;
  readonly organisation: string;
  readonly password: string;
  /** Response of the authenticator; empty if no passkey was requested. */
  readonly passkey: string;
  /** Whether a passkey is to be created on the next page. */
  readonly wantsPasskey: boolean;
}

export const parseSignUpInput = (form: SignUpForm | undefined): SignUpInput => ({
  name: normalizeLine(formField(form, 'name')),
  organisation: normalizeLine(formField(form, 'organisation')),
  password: formField(form, 'password'),
  passkey: formField(form, 'passkey'),
  wantsPasskey: formField(form, 'with') === 'passkey',
});

/** Returns the errors of the form. The password is checked only if it is used to sign in. */
export function checkSignUpInput(
  typed: SignUpInput,
  {
    email,
    match,
    language,
  }: { readonly email: string; readonly match: OrganisationMatch; readonly language: Language },
): FormFieldError[] {
  const { faults } = getMessages(language).developers.account;
  const owner = { username: email, displayName: typed.name, email };
  const byPassword = typed.passkey === '' && !typed.wantsPasskey;
  const [password] = byPassword ? validatePassword(typed.password, owner) : [];
  return [
    ...(isPlainName(typed.name) ? [] : [{ field: 'name', message: faults.name }]),
    ...(match.kind !== 'founds' || isPlainName(typed.organisation)
      ? []
      : [{ field: 'organisation', message: faults.organisation }]),
    ...(password === undefined ? [] : [{ field: 'password', message: passwordErrorMessage(password, language) }]),
  ];
}
