import { InvitedPerson } from '../../enrollment/invited-person.ts';
import {
  addUnenrolledPatient,
  FRONT_DESK,
  invitationFor,
  sendInvitation,
  type UnenrolledPatient,
} from '../../enrollment/unenrolled-patients.ts';
import { linksOf, textOf } from '../../support/browser/html.ts';
import { emailLink, listEmailsTo } from '../../support/people/account-security.ts';
import { signInDeveloper } from '../../support/people/developer-portal.ts';
import { SANDBOX_PRACTICE, signInStaff, submitForm } from '../../support/people/practice-portal.ts';
import { browserOf, call, opens, people, type RemedyCases, STAFF, server, submit, visitor } from './context.ts';

const NEW_PASSWORD = 'copper lantern orchard drizzle';

/** Invites a colleague. @returns the path of the invitation, and of the page that cancels it */
async function staffInvitation() {
  const browser = await browserOf(people.boss);
  const cancelLinks = async () => linksOf(await browser.get(STAFF)).filter((link) => link.endsWith('/cancel'));
  const before = await cancelLinks();
  const response = await submitForm(browser, `${STAFF}/invite`, { name: 'New Colleague', roles: 'clinician' });
  const path = new URL(textOf(response, 'code')).pathname;
  const [cancel = ''] = (await cancelLinks()).filter((link) => !before.includes(link));
  return { path, cancel, works: () => opens(path) };
}

async function organisationInvitation() {
  const guest = await signInDeveloper(server());
  const at = `/developer/organisations/${people.dev.organisationId}/invitations`;
  const { invitationId } = await call(people.dev, 'POST', at, { email: guest.email, role: 'developer' });
  const path = emailLink((await listEmailsTo(server(), guest.email))[0], server());
  return { guest, path, at: `${at}/${invitationId}`, works: async () => opens(path, await browserOf(guest)) };
}

const enrollments = () => server().enrollments;

const invited = async (changes: Parameters<typeof sendInvitation>[2] = {}) => {
  const person: UnenrolledPatient = await addUnenrolledPatient(server());
  const sent = await sendInvitation(server(), person, changes);
  return { person, sent, works: () => opens(sent.path) };
};

export const CASES: RemedyCases = {
  endings: {
    'an invitation of a patient that was canceled': [
      'enrollment/cancel',
      async () => {
        const { sent, works } = await invited();
        return { works, end: () => enrollments().cancel(FRONT_DESK, sent.invitationId) };
      },
    ],
    'an invitation of a patient that was accepted': [
      'enrollment/enroll',
      async () => {
        const { person, sent, works } = await invited();
        const username = `restored-${person.birthDate}-${person.recordId}`;
        return { works, end: () => new InvitedPerson(server().app, sent).enroll(person, sent.code, username) };
      },
    ],
    'an invitation to a person who told the practice that they don’t want an account': [
      'enrollment/decline',
      async () => {
        const { person, works } = await invited();
        return { works, end: () => enrollments().decline(FRONT_DESK, person.recordId, 'Said so') };
      },
    ],
    'an invitation that the person declined': [
      'enrollment/decline-by-link',
      async () => {
        const { sent, works } = await invited();
        return { works, end: () => new InvitedPerson(server().app, sent).send('/decline', {}) };
      },
    ],
    'a letter code that was replaced': [
      'enrollment/resend',
      async () => {
        const { sent, works } = await invited({ email: undefined });
        return { works, end: () => enrollments().resend(FRONT_DESK, sent.invitationId) };
      },
    ],
    'an invitation to an address that was replaced by another one': [
      'enrollment/invite',
      async () => {
        const { person, works } = await invited();
        const other = invitationFor(person, { email: person.otherEmail });
        return { works, end: () => enrollments().invite(FRONT_DESK, other) };
      },
    ],
    'an invitation of staff that was canceled': [
      'staff/cancel-invitation',
      async () => {
        const { cancel, works } = await staffInvitation();
        return { works, end: async () => submit(await browserOf(people.boss), cancel) };
      },
    ],
    'an invitation of staff that was accepted': [
      'staff/take-on',
      async () => {
        const { path, works } = await staffInvitation();
        const colleague = await signInStaff(server(), ['clinician'], [SANDBOX_PRACTICE]);
        return { works, end: async () => submit(await browserOf(colleague), path, {}, `${path}/accept`) };
      },
    ],
    'an invitation of staff with which an account was created': [
      'account/add',
      async () => {
        const { path, works } = await staffInvitation();
        return { works, end: () => submit(visitor(), path, { username: 'new-colleague', password: NEW_PASSWORD }) };
      },
    ],
    'an invitation to an organization that was canceled': [
      'organisation/take-back-invitation',
      async () => {
        const { at, works } = await organisationInvitation();
        return { works, end: () => call(people.dev, 'DELETE', at) };
      },
    ],
    'an invitation to an organization that was accepted': [
      'organisation/join',
      async () => {
        const { guest, path, works } = await organisationInvitation();
        return { works, end: async () => submit(await browserOf(guest), path, {}, `${path}/accept`) };
      },
    ],
  },
  lifted: {
    'enrollment/undo-decline-by-link': async () => {
      const { sent, works } = await invited();
      return {
        works,
        async end() {
          await new InvitedPerson(server().app, sent).send('/decline', {});
          await new InvitedPerson(server().app, sent).send('', {}, '/undo');
        },
      };
    },
    'enrollment/undo-decline': async () => {
      const { person, sent } = await invited();
      return {
        works: async () => opens(sent.path),
        async end() {
          await enrollments().decline(FRONT_DESK, person.recordId, 'Said so');
          await enrollments().undoDecline(FRONT_DESK, person.recordId);
        },
      };
    },
  },
  byHand: {},
};
