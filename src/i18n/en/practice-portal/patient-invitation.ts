import { counts } from '../counts.ts';

/** Texts of the actions on invitations of one patient or a representative, and of the page around printed letters. */
export const patientInvitation = {
  /** Why an action isn't possible, and what staff can do instead. */
  rejections: {
    'chart-incomplete': 'The chart lacks data that is needed to verify identity. Add it in your EHR, then try again.',
    'too-young': 'The patient is under 12. Invite a parent or guardian who is on the chart instead.',
    'already-enrolled':
      'This person already has an account that opens this record. You don’t need to send an invitation.',
    declined:
      'The patient doesn’t want an account. If that has changed, first allow invitations again on the patient’s page.',
    'address-unusable': 'This email address can’t receive email. Check the address, or print a letter.',
    'address-used':
      'Another person already uses this email address, and two people can’t share one. Ask for another address, or print a letter.',
    'address-of-guardian':
      'A parent or guardian uses this email address and could open the account. Ask the patient for their own address, or give them a letter.',
    'address-is-invitation':
      'The invitation went to the only email address on the chart. The code must not go there too. Give it in person or by phone.',
    'no-contact': 'The chart has no email address for the code. Give the code in person or by phone.',
    over: 'This invitation was used or canceled, or it has expired. Go back to the patient’s page to see its current status.',
  },
  missingNames: {
    name: 'the name',
    'birth-date': 'the full birth date',
    'postal-code': 'the ZIP code of the home address',
  },
  missing: (items: string) => `Missing on the chart: ${items}. Add it in your EHR.`,

  invite: {
    title: (name: string) => `Enroll ${name}`,
    replaces: 'A new invitation replaces the open one, which will no longer work.',
    requirements:
      'The patient must enter their birth date, their ZIP code, and a six-digit code that you give them separately.',
    minor: 'The patient is under 18. Use an email address that no parent or guardian can read.',
    button: 'Invite patient',
  },
  inviteRepresentative: {
    title: (name: string, patient: string) => `Invite ${name} to act for ${patient}`,
    onChart: 'On the chart',
    confirm: 'Confirm',
    maySee: (name: string, patient: string) => `${name} may see the entire record of ${patient}`,
    maySeeHint:
      'This is allowed by law, or the patient agreed. Patients aged 12 to 17 may have care that parents are not told about.',
    button: 'Invite representative',
    notConfirmed: 'Confirm that this person may see the record, and check the box',
  },
  delivery: {
    legend: 'Delivery method',
    email: (email: string) => `Email to ${email}`,
    emailHint: 'From the chart.',
    other: 'Email to a new address',
    otherHint: 'The person gives you the address now. It isn’t on the chart.',
    letter: 'Print a letter',
    letterHint: 'With a code and a QR code, to hand over or mail.',
    otherAddress: 'New email address',
    otherAddressHint: 'The address is not saved to the chart.',
    language: 'Language of the invitation',
    errors: {
      language: 'Choose a language',
      unselectedAddress:
        'You entered a new address but didn’t choose it. Choose “Email to a new address”, or submit again to keep your choice',
      noAddress: 'Enter the email address',
      invalidAddress: 'Enter a valid email address, such as ann@example.org',
      noMethod: 'Choose a delivery method',
    },
  },
  code: {
    title: (name: string) => `Give a code to ${name}`,
    text: 'The invitation works only with a six-digit code. Give the code separately from the invitation. The code is valid for 7 days.',
    replaces: 'A code was already given. It stops working when you give a new one.',
    legend: 'How do you give the code?',
    inPerson: 'In person',
    inPersonHint: 'The person is here. Check a photo ID first.',
    byPhone: 'By phone',
    byPhoneHint: (target: string) =>
      `Call ${target}. Never give the code on a call that you receive. Instead, hang up and call back.`,
    fromChart: (phones: string) => `${phones}, from the chart`,
    knownNumber: 'a number that you already have',
    or: ' or ',
    byEmail: (email: string) => `By email to ${email}`,
    byEmailHint: 'From the chart. The invitation didn’t go to this address.',
    button: 'Create code',
    noMethod: 'Choose how you give the code',
    noPhone: 'The chart has no phone number. Add it in your EHR, or give the code in person.',
  },
  codePage: {
    title: (name: string) => `Code for ${name}`,
    call: (target: string) => `Call ${target}.`,
    confirm: (name: string) => `Confirm that you are speaking with ${name}.`,
    read: 'Read the code aloud.',
    show: (name: string) => `Check a photo ID. Then show ${name} the code or write it down for them.`,
    once: 'The code is shown only once and is valid for 7 days. Don’t send it by email or text message. Reloading this page creates a new code.',
  },
  resend: {
    letterTitle: (name: string) => `Print the letter to ${name} again`,
    letterText: 'The new letter has a new code. The earlier letter no longer works. Destroy it.',
    letterButton: 'Create new letter',
    emailTitle: (name: string) => `Email the invitation to ${name} again`,
    emailText: (email: string) => `We send it again to ${email} with a new link. The earlier link no longer works.`,
    emailButton: 'Email invitation again',
  },
  cancel: {
    title: (name: string) => `Cancel the invitation of ${name}?`,
    letter: (day: string) => `The letter of ${day} and its code will no longer work.`,
    email: (email: string, day: string) => `The email to ${email} of ${day} and its code will no longer work.`,
    again: (name: string) => `You can invite ${name} again at any time.`,
    button: 'Cancel invitation',
  },
  letterPage: {
    title: 'Letter to print',
    titleOfSeveral: (count: number) => `${counts.letters(count)} to print`,
    lead: 'Print this page now. The code is shown only once and is not stored.',
    print: 'Print letter',
    printSeveral: 'Print letters',
    printHint: 'Press Ctrl+P or ⌘P to print.',
    leadOfSeveral: 'Print this page now. The codes are shown only once and are not stored.',
    needsCode:
      'The letter works only with a separate six-digit code. Don’t put both in one envelope. Give the code in person, or by phone: the letter asks the person to call you, and you call back at the number on the chart. If you print the letter again later, it gets a new code and this letter no longer works.',
    giveCode: 'Give code',
  },
};
