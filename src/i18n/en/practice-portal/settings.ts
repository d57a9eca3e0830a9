import { type Html, html } from '../../../kernel/index.ts';
import { terms } from '../terms.ts';

/** Settings of a practice: the details that patients see, the logo, and the page that turns the API on and off. */
export const settings = {
  title: 'Practice settings',
  lead: (practice: string) => `Patients see these details on the pages and in the emails of ${practice}.`,
  preview: 'Preview what patients see',
  unpublishedHtml: (name: string): Html =>
    html`<b>Apps can’t find this practice yet.</b> It still has the placeholder name “${name}”, so no new version of the practice list is published to apps. Enter the name that patients know and save.`,
  /** @param missing names of the missing details */
  notListedHtml: (missing: string): Html =>
    html`<b>This practice is not in the list of service base URLs.</b> Apps use <a href="/service-base-urls">this list</a> to find practices. Enter ${missing} to add it.`,
  missingDetails: { location: 'an address', identifier: 'an NPI' },
  changeLogo: 'Change the logo',
  addLogo: 'Add a logo',
  logoText: 'Patients see it at the top of each page.',
  fields: {
    groups: { practice: 'The practice', contact: 'Contact for patients', display: 'Time zone and color' },
    name: 'Name',
    phone: 'Phone',
    phoneHint: 'For patients’ questions, such as 555-010-2030.',
    email: terms.emailAddress,
    emailHint: 'Replies to emails go to this address.',
    website: terms.website,
    websiteHint: 'Must start with https://',
    address: 'Address',
    addressHint: 'As on an envelope, up to 6 lines.',
    npi: terms.npi,
    npiHint: 'National Provider Identifier of the practice, 10 digits. It appears in the list of service base URLs.',
    timeZone: 'Time zone',
    timeZoneHint:
      'Patients see times in this time zone. Enter a city or a time zone, such as Chicago or Central Time. To see other suggestions, clear the field first.',
    unknownTimeZone: (text: string) =>
      `We don’t know the time zone “${text}”. Enter a large city in the same time zone, or a time zone, such as Eastern Time`,
    /** @param suggestions names of time zones, joined by "or" */
    similarTimeZones: (text: string, suggestions: string) =>
      `We don’t know which time zone “${text}” is. Did you mean ${suggestions}?`,
    color: 'Color',
    colorHint:
      'Color of links and buttons, as # and 6 hexadecimal digits, such as #0b5f6b. Any color works: pages make it darker or lighter where text would be hard to read.',
    colorPicker: 'Pick a color',
    colorSample: {
      light: (color: string) => `Link and button on a light page, in ${color}`,
      dark: (color: string) => `Link and button on a dark page, in ${color}`,
    },
  },
  button: 'Save changes',
  nameTaken: 'Another practice already has that name. Choose another name',
  notices: {
    saved: 'Changes saved. Patients see them now.',
    logo: 'Logo saved. Patients see it now.',
    'logo-removed': 'Logo removed.',
    on: 'The API is on. Apps can read data.',
    off: 'The API is off. No app can read data.',
  },
  logo: {
    title: 'Logo',
    none: 'No logo yet.',
    imageOf: (practice: string) => `The logo of ${practice}`,
    file: 'Logo file',
    fileHint:
      'PNG, JPEG or WebP, up to 200 KB and 2000 × 2000 pixels. The logo appears 40 pixels high, next to the name.',
    button: 'Save logo',
    remove: 'Remove logo',
    removePage: {
      title: 'Remove the logo?',
      text: 'Patients see only the practice’s name from then on. To use the logo again, upload the file again.',
      button: 'Remove logo',
      keep: 'Keep logo',
    },
  },
  api: {
    on: 'The API is on',
    onText: 'Apps read what patients and staff allow. Turn it off in an emergency.',
    off: 'The API is off',
    offText: 'No app can read data of this practice.',
    titleOff: 'Turn off the API?',
    titleOn: 'Turn on the API?',
    offConsequencesHtml: html`
<p>The API is <b>on</b>. If you turn it off:</p>
<ul>
  <li>Within a second, no app can read data of this practice. This includes patient apps, staff apps and backend systems.</li>
  <li>Apps get an error that says that the practice turned its API off.</li>
  <li>Patients can’t connect apps to their records here. Their existing consents are not affected.</li>
</ul>
<p>Patients have a right to their data in the app they choose (45 CFR 171). Turn the API off only in an emergency, and only for as long as necessary.</p>`,
    onConsequencesHtml: html`
<p>The API is <b>off</b>, so no app can read data of this practice. If you turn it on, apps can again read what patients and staff allowed them, unless that access has expired.</p>`,
    sandboxOff:
      'The operator turned off the sandbox of this server. You can’t turn on this practice’s API until the operator turns the sandbox on.',
    confirm: 'Are you sure?',
    confirmOff: 'Yes, stop all apps from reading data of this practice',
    confirmOn: 'Yes, let apps read data of this practice',
    notConfirmed: 'Check the box to confirm',
    buttonOff: 'Turn off API',
    buttonOn: 'Turn on API',
  },
  previewPage: {
    title: 'Preview',
    back: 'Back to practice settings',
    heading: (practice: string) => `This is how patients see ${practice}`,
    lead: 'The name and logo are at the top, and the contact details are at the bottom. Links and buttons have the practice’s color.',
    noteHtml: (path: string): Html => html`This is a sample note with <a href="${path}">a link</a>.`,
    address: 'Address on letters',
    button: 'Sample button',
  },
};
