import type { FieldFault } from '../../pages/index.ts';
import { passwordFaultInWords, passwordFaults } from '../../people/index.ts';
import { type Language, wordsIn } from '../../words/index.ts';
import { isPlainName, lineOf } from '../organisations/names.ts';
import type { Place } from './place.ts';

/** What a browser sent: of each field nothing is sure yet. */
export type Form = Readonly<Record<string, unknown>>;

/** A form field given twice arrives as a list: neither is taken. */
export const fieldOf = (form: Form | undefined, name: string): string => {
  const value = form?.[name];
  return typeof value === 'string' ? value : '';
};

export interface Typed {
  readonly name: string;
  readonly organisation: string;
  readonly password: string;
  /** What the authenticator answered; empty: none was asked. */
  readonly passkey: string;
  /** A passkey is to be made on the next page. */
  readonly wantsPasskey: boolean;
}

export const typedIn = (form: Form | undefined): Typed => ({
  name: lineOf(fieldOf(form, 'name')),
  organisation: lineOf(fieldOf(form, 'organisation')),
  password: fieldOf(form, 'password'),
  passkey: fieldOf(form, 'passkey'),
  wantsPasskey: fieldOf(form, 'with') === 'passkey',
});

/** What has to be mended before there can be an account; of the password only where it is what they sign in with. */
export function faultsOf(
  typed: Typed,
  { email, place, language }: { readonly email: string; readonly place: Place; readonly language: Language },
): FieldFault[] {
  const { faults } = wordsIn(language).developers.account;
  const owner = { username: email, displayName: typed.name, email };
  const byPassword = typed.passkey === '' && !typed.wantsPasskey;
  const [password] = byPassword ? passwordFaults(typed.password, owner) : [];
  return [
    ...(isPlainName(typed.name) ? [] : [{ field: 'name', message: faults.name }]),
    ...(place.kind !== 'founds' || isPlainName(typed.organisation)
      ? []
      : [{ field: 'organisation', message: faults.organisation }]),
    ...(password === undefined ? [] : [{ field: 'password', message: passwordFaultInWords(password, language) }]),
  ];
}
