import type { Executor } from '../database/index.ts';
import type { AccountKind, FormFieldError } from '../domain/index.ts';
import type { Language, PageContext } from '../i18n/index.ts';
import type { AccountId, ClientId, Html } from '../kernel/index.ts';

/** An audit event about sign-in, credentials or accounts. It never contains a password, a code or a token. */
export interface IdentityEvent {
  readonly kind: 'sign-in' | 'sign-out' | 'factor' | 'account';
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** The audit log, as this module uses it. */
export interface IdentityAuditLog {
  append(event: IdentityEvent): Promise<void>;
  appendInTransaction(tx: Executor, event: IdentityEvent): Promise<void>;
}

/** Queues an email to one person. It is sent only if the transaction commits. */
export interface IdentityEmailQueue {
  queueInTransaction(
    tx: Executor,
    email: {
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly senderName: string;
      readonly sandbox: boolean;
    },
  ): Promise<void>;
}

/** Fields shared by all pages with a form. */
export interface FormPage {
  readonly csrf: string;
  readonly errors: readonly FormFieldError[];
}

export interface SignInPage extends FormPage {
  /** Path of this server to go to after sign-in. */
  readonly returnTo: string;
  readonly username: string;
  readonly appName?: string;
  /** Whether to show the sandbox credentials. */
  readonly sandbox: boolean;
}

export interface SecondFactorPage extends FormPage {
  readonly returnTo: string;
  readonly hasAuthenticator: boolean;
  readonly passkey: boolean;
  readonly recoveryCodes: boolean;
}

/** A form page within sign-in or account security: the address of its form, its hidden fields and its back link. */
export interface StepPage extends FormPage {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Path of the back link; `undefined` for no link. */
  readonly back?: string | undefined;
}

export interface AuthenticatorPage extends StepPage {
  /** TOTP key in Base32 (RFC 4648 §6). */
  readonly key: string;
  /** `otpauth:` URI, which the QR code contains. */
  readonly address: string;
  readonly username: string;
  /** Path where a passkey can be created instead. */
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
  /** Included so that the browser's password manager stores the password under it. */
  readonly username: string;
  /** Minimum number of characters. */
  readonly minLength: number;
}

export interface EmailPage extends StepPage {
  readonly title: string;
  readonly lead: string;
  readonly field: string;
  readonly button: string;
  readonly email: string;
  readonly more?: string | undefined;
}

export interface MfaResetPage extends StepPage {
  readonly username: string;
  /** Names of the removed factors, in the reader's language. */
  readonly removed: readonly string[];
  readonly hasPassword: boolean;
  /** Minimum number of characters of the new password, for an account without one. */
  readonly minLength: number;
}

/** A page that asks for confirmation only. */
export interface QuestionPage extends StepPage {
  readonly title: string;
  readonly text: readonly string[];
  readonly button: string;
}

/** A page with a message and links, without a form. */
export interface MessagePage {
  readonly title: string;
  readonly text: readonly string[];
  readonly links: readonly { readonly path: string; readonly text: string }[];
}

export interface ConfirmIdentityPage extends FormPage {
  readonly returnTo: string;
  readonly username: string;
  readonly password: boolean;
  readonly passkey: boolean;
}

export interface DisplayedPasskey {
  /** base64url. */
  readonly id: string;
  readonly name: string;
  readonly createdOn: string;
  readonly lastUsedOn: string | undefined;
}

export interface DisplayedSession {
  readonly id: string;
  readonly device: string | undefined;
  readonly since: string;
  readonly seen: string;
  readonly isCurrent: boolean;
}

export interface SecurityPage {
  readonly csrf: string;
  /** Message about the change that was just made. */
  readonly done: string | undefined;
  readonly published: boolean;
  readonly username: string;
  readonly password: boolean;
  readonly passkeys: readonly DisplayedPasskey[];
  readonly hasAuthenticator: boolean;
  readonly recoveryCodes: number;
  readonly email: string | undefined;
  /** The address that was entered and not confirmed yet. */
  readonly unconfirmedEmail: string | undefined;
  readonly languageName: string;
  readonly sessions: readonly DisplayedSession[];
}

export interface CreateRecoveryCodesPage extends StepPage {
  readonly hadCodes: boolean;
}

export interface NewRecoveryCodesPage {
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

/** Page context of account pages, with the navigation that leads to the rest of the account. */
export interface AccountPageContext extends PageContext {
  readonly navigation?: Html | undefined;
}

/** Renders this module's pages as HTML. */
export interface IdentityPages {
  /** Navigation from the account pages to the other pages for this kind of account. */
  navigation(kind: AccountKind, pageContext: PageContext): Html;
  signIn(page: SignInPage, pageContext: PageContext): Html;
  secondFactor(page: SecondFactorPage, pageContext: PageContext): Html;
  recoveryCode(page: StepPage, pageContext: PageContext): Html;
  setUpSecondFactor(page: StepPage, pageContext: PageContext): Html;
  authenticator(page: AuthenticatorPage, pageContext: AccountPageContext): Html;
  passkey(page: PasskeyPage, pageContext: AccountPageContext): Html;
  newPassword(page: NewPasswordPage, pageContext: AccountPageContext): Html;
  email(page: EmailPage, pageContext: AccountPageContext): Html;
  resetMfa(page: MfaResetPage, pageContext: PageContext): Html;
  question(page: QuestionPage, pageContext: AccountPageContext): Html;
  message(page: MessagePage, pageContext: AccountPageContext): Html;
  confirm(page: ConfirmIdentityPage, pageContext: AccountPageContext): Html;
  overview(page: SecurityPage, pageContext: AccountPageContext): Html;
  createRecoveryCodes(page: CreateRecoveryCodesPage, pageContext: AccountPageContext): Html;
  newRecoveryCodes(page: NewRecoveryCodesPage, pageContext: AccountPageContext): Html;
  language(page: LanguagePage, pageContext: AccountPageContext): Html;
  close(page: ClosePage, pageContext: AccountPageContext): Html;
}
