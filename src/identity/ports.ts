import type { Executor } from '../database/index.ts';
import type { AccountKind, FormFieldError } from '../domain/index.ts';
import type { Language, PageContext } from '../i18n/index.ts';
import type { AccountId, ClientId, Html, PracticeId } from '../kernel/index.ts';
import type { Session } from './sessions/session.ts';

/** An audit event about sign-in, credentials or accounts. It never contains a password, a code or a token. */
export interface IdentityEvent {
  readonly kind: 'sign-in' | 'sign-out' | 'factor' | 'account';
  readonly outcome: 'success' | 'failure';
  readonly requestId?: string | undefined;
  readonly accountId?: AccountId | undefined;
  readonly clientId?: ClientId | undefined;
  readonly detail?: Readonly<Record<string, unknown>> | undefined;
}

/** Methods of the audit log that the identity module uses. */
export interface IdentityAuditLog {
  append(event: IdentityEvent): Promise<void>;
  appendInTransaction(tx: Executor, event: IdentityEvent): Promise<void>;
}

/** Queues an email to one person. The email is sent only if the transaction commits. */
export interface IdentityEmailQueue {
  queueInTransaction(
    tx: Executor,
    email: {
      readonly to: string;
      readonly subject: string;
      readonly text: string;
      readonly language: Language;
      readonly button?: { readonly label: string; readonly url: string } | undefined;
      readonly reason: 'account';
      readonly senderName: string;
      readonly practiceId?: PracticeId | undefined;
      readonly contact?: { readonly phone?: string | undefined; readonly email?: string | undefined } | undefined;
      readonly replyTo?: string | undefined;
      readonly sandbox: boolean;
    },
  ): Promise<void>;
}

export interface FormPage {
  readonly csrf: string;
  readonly errors: readonly FormFieldError[];
}

export interface SignInPage extends FormPage {
  /** Path on this server to go to after sign-in. */
  readonly returnTo: string;
  readonly username: string;
  readonly appName?: string;
  /** Whether the page shows the usernames and passwords of the shared sandbox accounts. */
  readonly sandbox: boolean;
}

export interface SecondFactorPage extends FormPage {
  readonly returnTo: string;
  readonly hasAuthenticator: boolean;
  readonly passkey: boolean;
  readonly recoveryCodes: boolean;
}

/**
 * A form page within sign-in or account security. `action` is the path that the form posts to, and `fields` are its
 * hidden fields.
 */
export interface StepPage extends FormPage {
  readonly action: string;
  readonly fields: Readonly<Record<string, string>>;
  /** Path of the link back to the previous page; `undefined` for no link. */
  readonly back?: string | undefined;
}

export interface AuthenticatorPage extends StepPage {
  /** Key for the authenticator app (TOTP) in Base32 (RFC 4648 §6). */
  readonly key: string;
  /** `otpauth:` URI that the QR code contains. */
  readonly address: string;
  readonly username: string;
  /** Path of the page that creates a passkey instead of an authenticator app. */
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
  /** Username that the form includes, so that the browser's password manager stores the new password for it. */
  readonly username: string;
  /** Minimum number of characters of the new password. */
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
  /** Names of the authentication factors that the MFA reset removes, in the reader's language. */
  readonly removed: readonly string[];
  readonly hasPassword: boolean;
  /** Minimum number of characters of the new password, which an account without a password has to set. */
  readonly minLength: number;
}

/** A page that only asks the user to confirm an action. */
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
  /** Whether the page asks for a code of the authenticator app. */
  readonly code: boolean;
  readonly passkey: boolean;
}

export interface DisplayedPasskey {
  /** Credential id of the passkey in base64url. */
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
  /** Message about the change that the user just made; `undefined` if there was none. */
  readonly done: string | undefined;
  readonly published: boolean;
  readonly username: string;
  readonly password: boolean;
  readonly passkeys: readonly DisplayedPasskey[];
  readonly hasAuthenticator: boolean;
  readonly recoveryCodes: number;
  readonly email: string | undefined;
  /** Email address that was entered but isn't confirmed yet. */
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

/** The signed-in person in the header of a page, with the CSRF token of the sign-out button. */
export interface PageUser
  extends Pick<Session, 'kind' | 'displayName' | 'administrator'>,
    Partial<Pick<Session, 'sandboxAdministrator'>> {
  readonly csrf: string;
}

/** Language and brand of an account page, with the signed-in person. */
export interface AccountPageContext extends PageContext {
  readonly user?: PageUser | undefined;
}

/** Renders the pages of sign-in, account recovery and account security as HTML. */
export interface IdentityPages {
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
