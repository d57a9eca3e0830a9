import { terms } from '../terms.ts';

/** Pages for administrators of the installation. */
export const administration = {
  navigation: 'Administration',
  links: {
    practices: 'Practices',
    administrators: 'Administrators',
    review: 'App review',
    outbox: terms.outbox,
    ownPractices: 'Your practices',
  },
  administrator: 'Administrator',
  practices: {
    title: 'Practices',
    lead: 'Open a practice to see its staff and invite more people.',
    create: 'Create a practice',
    created: (name: string) =>
      `${name} was created. Open it and invite its first staff member, a practice administrator.`,
    kinds: { sandbox: 'Sandbox, test patients', live: 'Live' },
    apiOn: 'On',
    apiOff: 'Off',
    columns: { name: 'Practice', kind: 'Type', api: 'API', patients: 'Patients', staff: 'Staff' },
  },
  newPractice: {
    title: 'Create a practice',
    name: 'Name',
    nameHint: 'The name that patients know.',
    kind: 'Type of practice',
    kindHint: 'This can’t be changed later.',
    live: 'Live',
    liveHint: 'Real patients. Only approved apps can read data.',
    sandbox: 'Sandbox',
    sandboxHint: 'Test patients. Apps can read data before they are approved. Never add a real patient.',
    button: 'Create practice',
    errors: {
      name: 'Enter a practice name of at most 100 characters',
      kind: 'Choose live or sandbox',
      nameTaken: 'A practice with that name already exists. Choose another name',
    },
  },
  administrators: {
    title: 'Administrators',
    lead: 'Administrators create practices and invite their staff. This role doesn’t give access to patient records.',
    invite: 'Invite an administrator',
    you: 'you',
    locked: 'locked',
    remove: 'Remove as administrator',
    removeOf: (name: string) => `Remove as administrator: ${name}`,
    last: 'At least one administrator must be able to sign in. Invite another administrator first',
    emailNeeded: 'Enter an email address. The link is emailed once another administrator has approved the invitation',
    notices: {
      removed: 'Removed. This person is no longer an administrator.',
      requested:
        'Another administrator must approve this within 24 hours. Until then, nothing changes. All administrators got an email.',
    },
    removePage: {
      title: (name: string) => `Remove ${name} as administrator?`,
      text: (name: string) =>
        `${name} can no longer create practices, invite staff or review apps. Invitations that they sent stop working.`,
      ownTitle: 'Remove yourself as administrator?',
      ownText:
        'You can no longer create practices, invite staff or review apps. Invitations that you sent stop working. Only another administrator can invite you again.',
      retained: 'The account stays, with its roles at practices. The audit log keeps its entries.',
      button: 'Remove administrator',
      keep: terms.cancel,
    },
  },
};
