import { getMessages, type Language } from '../i18n/index.ts';
import { passwordErrorMessage, validatePassword } from '../identity/index.ts';
import { isPlainName, normalizeLine } from '../portal-api/index.ts';
import type { FormFieldError } from '../web-pages/index.ts';
import type { OrganisationMatch } from './organisation-match.ts';

/** Fields of a sign-up form as the browser sent them, not validated yet. */
export type SignUpForm = Readonly<Record<string, unknown>>;

/** Returns the text of a form field. A field that the browser sent twice arrives as an array and counts as empty. */
export const formField = (form: SignUpForm | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export interface SignUpInput {
  readonly name: string;
  readonly organisation: string;
  readonly password: string;
  /** Response of the authenticator that created a passkey; empty if the person chose a password. */
  readonly passkey: string;
  /** Whether the person creates a passkey on the next page, instead of a password. */
  readonly wantsPasskey: boolean;
}

export const parseSignUpInput = (form: SignUpForm | undefined): SignUpInput => ({
  name: normalizeLine(formField(form, 'name')),
  organisation: normalizeLine(formField(form, 'organisation')),
  password: formField(form, 'password'),
  passkey: formField(form, 'passkey'),
  wantsPasskey: formField(form, 'with') === 'passkey',
});

/** Returns the errors in the sign-up form. Checks the password only if the person chose to sign in with one. */
export function checkSignUpInput(
  typed: SignUpInput,
  {
    email,
    match,
    language,
  }: { readonly email: string; readonly match: OrganisationMatch; readonly language: Language },
): FormFieldError[] {
  const { errors } = getMessages(language).signUp.account;
  const owner = { username: email, displayName: typed.name, email };
  const byPassword = typed.passkey === '' && !typed.wantsPasskey;
  const [password] = byPassword ? validatePassword(typed.password, owner) : [];
  return [
    ...(isPlainName(typed.name) ? [] : [{ field: 'name', message: errors.name }]),
    ...(match.kind !== 'founds' || isPlainName(typed.organisation)
      ? []
      : [{ field: 'organisation', message: errors.organisation }]),
    ...(password === undefined ? [] : [{ field: 'password', message: passwordErrorMessage(password, language) }]),
  ];
}
