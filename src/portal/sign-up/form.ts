import type { FieldFault } from '../../pages/index.ts';
import { passwordFaultInWords, passwordFaults } from '../../people/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import { isPlainName, lineOf } from '../organisations/names.ts';
import type { Place } from './place.ts';

/** A form as the browser sent it, not validated. */
export type Form = Readonly<Record<string, unknown>>;

/** Returns a field as text. A field that is sent twice arrives as an array and counts as empty. */
export const fieldOf = (form: Form | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export interface Typed {
  readonly name: string;
  readonly organisation: string;
  readonly password: string;
  /** Response of the authenticator; empty if no passkey was requested. */
  readonly passkey: string;
  /** Whether a passkey is to be created on the next page. */
  readonly wantsPasskey: boolean;
}

export const typedIn = (form: Form | undefined): Typed => ({
  name: lineOf(fieldOf(form, 'name')),
  organisation: lineOf(fieldOf(form, 'organisation')),
  password: fieldOf(form, 'password'),
  passkey: fieldOf(form, 'passkey'),
  wantsPasskey: fieldOf(form, 'with') === 'passkey',
});

/** Returns the errors of the form. The password is checked only if it is used to sign in. */
export function faultsOf(
  typed: Typed,
  { email, match, language }: { readonly email: string; readonly match: Place; readonly language: Language },
): FieldFault[] {
  const { faults } = wordsIn(language).developers.account;
  const owner = { username: email, displayName: typed.name, email };
  const byPassword = typed.passkey === '' && !typed.wantsPasskey;
  const [password] = byPassword ? passwordFaults(typed.password, owner) : [];
  return [
    ...(isPlainName(typed.name) ? [] : [{ field: 'name', message: faults.name }]),
    ...(match.kind !== 'founds' || isPlainName(typed.organisation)
      ? []
      : [{ field: 'organisation', message: faults.organisation }]),
    ...(password === undefined ? [] : [{ field: 'password', message: passwordFaultInWords(password, language) }]),
  ];
}
