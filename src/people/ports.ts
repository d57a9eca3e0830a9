import type { Executor } from '../database/index.ts';
import type { AccountId, ClientId } from '../kernel/index.ts';
import type { Frame, Language } from '../words/index.ts';
import type { AccountKind } from './account.ts';

/** What is kept of signing in, of its factors and of accounts. Never a password, a code or a token. */
export interface PeopleEvent {
  readonly kind: 'sign-in' | 'sign-out' | 'factor' | 'account';
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** The audit trail. */
export interface PeopleAudit {
  record(event: PeopleEvent): Promise<void>;
  recordWithin(tx: Executor, event: PeopleEvent): Promise<void>;
}

/** A mail to one person; it goes out if, and only if, the transaction is committed. */
export interface PeoplePost {
  queueWithin(
    tx: Executor,
    letter: {
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly senderName: string;
      readonly sandbox: boolean;
    },
  ): Promise<void>;
}

/** What is wrong with a field of a form, in the reader's words. */
export interface FieldFault {
  readonly field: string;
  readonly message: string;
}

/** Of every page with a form. */
export interface FormPage {
  readonly csrf: string;
  readonly faults: readonly FieldFault[];
}

export interface SignInPage extends FormPage {
  /** Where to go when it is done: a path of this server. */
  readonly returnTo: string;
  readonly username: string;
  /** Name of the app that sent the person, when one did. */
  readonly appName?: string;
  /** Whether to show the sandbox's credentials. */
  readonly sandbox: boolean;
}

export interface SecondFactorPage extends FormPage {
  readonly returnTo: string;
  readonly app: boolean;
  readonly passkey: boolean;
  readonly recoveryCodes: boolean;
}

/** A page of a step of signing in, or of a change of the account: where its forms go, and where it leads back to. */
export interface StepPage extends FormPage {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Path of the page before; undefined: there is none. */
  readonly back?: string | undefined;
}

export interface AuthenticatorPage extends StepPage {
  /** Base32 (RFC 4648 §6). */
  readonly key: string;
  /** `otpauth:` address, which the picture holds. */
  readonly address: string;
  readonly username: string;
  /** Where a passkey can be made in its place. */
  readonly otherPath?: string | undefined;
}

export interface PasskeyPage extends StepPage {
  readonly options: unknown;
  readonly otherPath?: string | undefined;
}

export interface NewPasswordPage extends StepPage {
  readonly title: string;
  readonly lead: readonly string[];
  readonly button: string;
  /** For the browser to keep the password with. */
  readonly username: string;
  /** Fewest characters. */
  readonly least: number;
}

export interface EmailPage extends StepPage {
  readonly title: string;
  readonly lead: string;
  readonly field: string;
  readonly button: string;
  readonly email: string;
  readonly more?: string | undefined;
}

export interface RecoverPage extends StepPage {
  readonly username: string;
  /** In words. */
  readonly removed: readonly string[];
  readonly hasPassword: boolean;
  /** Fewest characters of a new password, where there was none. */
  readonly least: number;
}

/** Asks for a yes, and nothing else. */
export interface QuestionPage extends StepPage {
  readonly title: string;
  readonly text: readonly string[];
  readonly button: string;
}

/** Says something, and where to go from there. */
export interface MessagePage {
  readonly title: string;
  readonly text: readonly string[];
  readonly ways: readonly { readonly path: string; readonly text: string }[];
}

export interface ConfirmPage extends FormPage {
  readonly returnTo: string;
  readonly username: string;
  readonly password: boolean;
  readonly passkey: boolean;
}

export interface ShownPasskey {
  /** base64url. */
  readonly id: string;
  readonly name: string;
  readonly madeOn: string;
  readonly usedOn: string | undefined;
}

export interface ShownSession {
  readonly id: string;
  readonly device: string | undefined;
  readonly since: string;
  readonly seen: string;
  readonly here: boolean;
}

export interface SecurityPage {
  readonly csrf: string;
  /** What was just done, in words. */
  readonly done: string | undefined;
  readonly published: boolean;
  readonly username: string;
  readonly password: boolean;
  readonly passkeys: readonly ShownPasskey[];
  readonly app: boolean;
  readonly recoveryCodes: number;
  readonly email: string | undefined;
  /** Given, and not confirmed. */
  readonly unconfirmedEmail: string | undefined;
  readonly languageName: string;
  readonly sessions: readonly ShownSession[];
}

export interface CodesPage extends StepPage {
  readonly had: boolean;
}

export interface ShownCodesPage {
  readonly codes: readonly string[];
  readonly username: string;
  readonly next: string;
}

export interface LanguagePage extends StepPage {
  readonly language: Language;
}

export interface ClosePage extends StepPage {
  readonly kind: AccountKind;
}

/** Around the pages of an account: where else its person can go. */
export interface PeopleFrame extends Frame {
  /** Escaped HTML. */
  readonly navigation?: string | undefined;
}

/** HTML of the pages of this room. */
export interface PeoplePages {
  /** Escaped HTML: from the pages of an account to what else is there for its person. */
  navigation(kind: AccountKind, frame: Frame): string;
  signIn(page: SignInPage, frame: Frame): string;
  secondFactor(page: SecondFactorPage, frame: Frame): string;
  recoveryCode(page: StepPage, frame: Frame): string;
  setUp(page: StepPage, frame: Frame): string;
  authenticator(page: AuthenticatorPage, frame: PeopleFrame): string;
  passkey(page: PasskeyPage, frame: PeopleFrame): string;
  newPassword(page: NewPasswordPage, frame: PeopleFrame): string;
  email(page: EmailPage, frame: PeopleFrame): string;
  recover(page: RecoverPage, frame: Frame): string;
  question(page: QuestionPage, frame: PeopleFrame): string;
  message(page: MessagePage, frame: PeopleFrame): string;
  confirm(page: ConfirmPage, frame: PeopleFrame): string;
  security(page: SecurityPage, frame: PeopleFrame): string;
  codes(page: CodesPage, frame: PeopleFrame): string;
  shownCodes(page: ShownCodesPage, frame: PeopleFrame): string;
  language(page: LanguagePage, frame: PeopleFrame): string;
  close(page: ClosePage, frame: PeopleFrame): string;
}
