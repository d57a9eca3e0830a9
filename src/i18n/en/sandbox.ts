import { html } from '../../kernel/index.ts';

/** Texts of the sandbox's test patients for enrollment: their list, their letters, and notes in the practice portal. */
export const sandbox = {
  enrollment: {
    title: 'Test patients to enroll',
    lead: 'These patients don’t exist. Enroll one as the patient, or invite one as the front desk.',
    reset:
      'Every patient returns to the start within an hour, for the next visitor. Accounts made for them are closed.',
    private: 'Enter no real name, email address or password. Other visitors see that the patient is enrolled.',
    asPatient: 'As the patient',
    patientSteps: [
      html`Open a letter below and enter its code at <a href="/enroll">/enroll</a>.`,
      html`Enter the birth date, the ZIP code and the six-digit code. A front desk would give that code in person.`,
      html`Choose a username and a password. You see the record, and can connect the <a href="/demo">demo app</a>.`,
    ],
    asFrontDesk: 'As the front desk',
    frontDeskSteps: [
      html`Sign in to the <a href="/practice">practice portal</a> as <code>deskapitest</code> with <code>Password1!</code>`,
      html`Invite a patient by email or letter, and give the six-digit code. No email is sent. You read it on the patient’s page.`,
      html`Open the link or the letter’s code as the patient, best in a private window.`,
    ],
    patients: 'Patients',
    /** Description of the patient. The text comes from the sandbox, in English. */
    about: (_persona: string, text: string) => text,
    born: 'Birth date',
    zip: 'ZIP code',
    letterCode: 'Code of the letter',
    sixDigits: 'Six-digit code',
    letter: 'See the letter',
    start: 'Enroll',
    of: (name: string) => `of ${name}`,
    asName: (name: string) => `as ${name}`,
    openInPortal: 'Open in the practice portal',
    /** A visitor has changed the patient, who is as at the start by this time. */
    inUse: (time: string) => `In use until ${time}`,
    inUseHint: 'Another visitor uses this patient. Until then, it may not be as described here.',
  },
  letter: {
    title: 'Letter of a test patient',
    lead: 'A practice sends such a letter. The six-digit code isn’t in it, because one envelope must not have both.',
    back: 'All test patients to enroll',
    codes: (birthDate: string, zip: string, code: string) =>
      `For this test patient: birth date ${birthDate}, ZIP code ${zip}, six-digit code ${code}.`,
    notNow: (time: string) => `Another visitor uses this patient. The letter works again by ${time}.`,
  },
  portal: {
    text: 'Visitors of the sandbox try enrollment with this test patient. Every change is undone within an hour.',
    resetBy: (time: string) => `The current changes are undone by ${time}.`,
    list: 'Letters and codes of these patients',
    emails: {
      title: 'Emails from this browser',
      lead: 'Emails to test patients aren’t sent. You see those that you caused in this browser. To stay signed in here, open their links in a private window.',
      to: (recipient: string, at: string) => `To ${recipient}, ${at}`,
      /** Accessible name of the box with the text of an email. */
      text: 'Text of the email',
    },
  },
};
