import { getMessages, type Language } from '../../../src/i18n/index.ts';
import type { EmailButton } from '../../../src/mail/index.ts';

export interface EmailKind {
  /** Name of the message in the catalog. */
  readonly name: string;
  readonly subject: string;
  readonly text: string;
  readonly button?: EmailButton | undefined;
}

/** Values of emails that come from people. */
export interface EmailFacts {
  readonly publicUrl: string;
  readonly practice: string;
  readonly person: string;
  readonly app: string;
  /** Text of several lines that an administrator wrote. */
  readonly message: string;
}

type Content = Omit<EmailKind, 'name'>;

const PHONE = '555-010-2030';
const WHEN = 'November 29, 2026 at 3:45 PM EST';
const DAY = 'December 6, 2026';

/** Returns an email of every kind with a text in the catalog. */
export function emailKinds(language: Language, facts: EmailFacts): readonly EmailKind[] {
  const kinds = {
    ...securityEmails(language, facts),
    ...recordEmails(language, facts),
    ...developerEmails(language, facts),
  };
  return Object.entries(kinds).map(([name, content]) => ({ name, ...content }));
}

function securityEmails(language: Language, facts: EmailFacts): Readonly<Record<string, Content>> {
  const { publicUrl, practice, person } = facts;
  const { emails } = getMessages(language).security;
  const link = `${publicUrl}/link/aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_aBcDe`;
  const forgot = `${publicUrl}/forgot`;
  const at = WHEN;
  const device = 'Firefox on Windows';
  const whom = emails.helpContacts.patient;
  const email = 'ann@example.org';
  const access = { record: person, practice, phone: PHONE, at };
  const changes = Object.entries(emails.changes).map(
    ([change, what]) => [`changed ${change}`, emails.changed({ what, at, device, forgot, whom })] as const,
  );
  const contents: Record<string, Content> = {
    newBrowser: emails.newBrowser({ device, at, address: `${publicUrl}/account/security`, forgot, whom }),
    mfaResetLink: emails.mfaResetLink(link),
    lostFactorLink: emails.lostFactorLink({ hasPassword: true }),
    lostPasswordLink: emails.lostPasswordLink(),
    forgotten: emails.forgotten({ username: 'ann.lee', link }),
    ...Object.fromEntries(changes),
    emailAsked: emails.emailAsked({ email, whom }),
    confirmEmail: emails.confirmEmail({ link }),
    forgottenUnconfirmed: emails.forgottenUnconfirmed({ link, forgot }),
    emailTaken: emails.emailTaken(),
    emailConfirmed: emails.emailConfirmed({ email, whom }),
    emailChanged: emails.emailChanged({ email, whom }),
    closed: emails.closed({ at: DAY, whom, record: true }),
    accessJoined: emails.accessJoined(access),
    accessApart: emails.accessApart(access),
    accessAgain: emails.accessAgain(access),
  };
  const greet = ({ text, ...rest }: Content): Content => ({ ...rest, text: `${emails.greeting(person)}\n\n${text}` });
  return Object.fromEntries(Object.entries(contents).map(([name, content]) => [name, greet(content)]));
}

function recordEmails(language: Language, facts: EmailFacts): Readonly<Record<string, Content>> {
  const { publicUrl, practice, person: patient, app } = facts;
  const { enrollment, patientPortal } = getMessages(language);
  const link = `${publicUrl}/enroll/aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_aBcDe`;
  const address = `${publicUrl}/account`;
  const invitation = { practice, patient, link, until: DAY, phone: PHONE };
  const created = { practice, patient, who: patient, day: DAY, phone: PHONE };
  const invite = ({ subject, text, button }: (typeof enrollment)['emailToPatient']): Content => ({
    subject: subject(practice),
    text: text(invitation),
    button: { label: button, url: link },
  });
  const { emailWithCode, emailToContact, emailToGuardian } = enrollment;
  const { email: disconnected } = patientPortal.disconnect;
  return {
    emailToPatient: invite(enrollment.emailToPatient),
    emailToRepresentative: invite(enrollment.emailToRepresentative),
    emailWithCode: {
      subject: emailWithCode.subject(practice),
      text: emailWithCode.text({ practice, patient, code: '042917', until: DAY, phone: PHONE }),
    },
    emailToContactOwn: { subject: emailToContact.subject(practice), text: emailToContact.own(created) },
    emailToContactOther: { subject: emailToContact.subject(practice), text: emailToContact.other(created) },
    emailToGuardian: { subject: emailToGuardian.subject(practice), text: emailToGuardian.text(created) },
    receipt: receiptEmail(facts),
    disconnected: {
      subject: disconnected.subject(app),
      text: disconnected.text({ app, record: `${patient}, ${practice}`, at: WHEN, address }),
      button: { label: disconnected.button, url: address },
    },
  };
}

/** An email like a consent receipt, whose text starts with the subject. */
function receiptEmail({ publicUrl, practice, person, app }: EmailFacts): Content {
  const subject = `You connected ${app} to your record`;
  const who = `App: ${app}\nWhere the data goes: app.example\nMade by: ${app} Inc.`;
  const record = `Whose record: ${person}, at ${practice}`;
  const allowed = 'You allowed it to see:\n- Medications\n- Allergies';
  const stop = `To stop this access, open ${publicUrl}/account and choose the app.`;
  return { subject, text: `${[subject, who, record, allowed, 'You left out:\n- nothing', stop].join('\n\n')}\n` };
}

function developerEmails(language: Language, facts: EmailFacts): Readonly<Record<string, Content>> {
  const { publicUrl, practice: organisation, person, app, message } = facts;
  const { signUp, reviewEmails, auditEmails, activityEmails, appForm } = getMessages(language);
  const { emails } = signUp;
  const portal = `${publicUrl}/developer`;
  const docs = `${publicUrl}/docs`;
  const link = `${portal}/sign-up/aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789-_aBcDe`;
  const page = `${portal}/apps/3f1c0c52-7b8e-4a0c-9e55-2f6f4f1f0b11`;
  const reason = { app, page, ground: 'other', text: message } as const;
  const email = 'dev@example.org';
  const role = signUp.roles.developer;
  return {
    signUp: emails.signUp(link),
    hasAccount: emails.hasAccount({ signIn: `${publicUrl}/sign-in`, forgot: `${publicUrl}/forgot` }),
    welcome: emails.welcome({ portal, docs }),
    joinPending: emails.joinPending({ organisation, portal, docs }),
    joinRequested: emails.joinRequested({ name: person, email, organisation, link: `${portal}/organisation/7` }),
    joinAccepted: emails.joinAccepted({ organisation, role, portal }),
    joinDeclined: emails.joinDeclined({ organisation, portal }),
    invited: emails.invited({ who: person, organisation, role, link, until: WHEN }),
    removed: emails.removed(organisation),
    verified: reviewEmails.verified({ app, page, until: DAY }),
    approved: reviewEmails.approved({ app, page }),
    changeApproved: reviewEmails.changeApproved({ app, page }),
    rejected: reviewEmails.rejected(reason),
    changeRejected: reviewEmails.changeRejected(reason),
    asked: reviewEmails.asked({ app, page, question: message, until: DAY, step: 'verify' }),
    suspended: reviewEmails.suspended(reason),
    resumed: reviewEmails.resumed({ app, page }),
    retired: reviewEmails.retired(reason),
    dueSoon: reviewEmails.dueSoon({ app, page, until: DAY, step: 'verify' }),
    auditChanged: auditEmails.changed({ count: 2 }),
    dueSoonWithoutOrganisation: reviewEmails.dueSoonWithoutOrganisation({ app, page, count: 3, others: 2 }),
    errorsRising: activityEmails.errorsRising({
      app,
      period: 'hour',
      errors: 40,
      percent: 40,
      usualPercent: 1.2,
      log: `${portal}/apps/7/log`,
    }),
    firstCall: activityEmails.firstCall({
      person,
      app,
      live: true,
      at: WHEN,
      log: `${page}/log`,
      usage: `${page}/usage`,
    }),
    expiringSecret: appForm.expiringSecretEmail({ app, secret: 'main', day: DAY, page }),
  };
}
