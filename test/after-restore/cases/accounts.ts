import { addApp } from '../../support/apps/apps.ts';
import { hiddenFields, linksOf } from '../../support/browser/html.ts';
import {
  addPatientWithEmail,
  createRecoveryCodes,
  emailLink,
  listEmailsTo,
  SECURITY,
} from '../../support/people/account-security.ts';
import { findRecordId } from '../../support/people/live-patient.ts';
import { LIVE_PRACTICE, signInStaff, submitForm } from '../../support/people/practice-portal.ts';
import { addPasskey } from '../../support/people/staff.ts';
import {
  browserOf,
  connect,
  opens,
  people,
  type RemedyCases,
  run,
  STAFF,
  server,
  signsIn,
  submit,
  visitor,
} from './context.ts';

const NEW_PASSWORD = 'copper lantern orchard drizzle';

async function recoveryCodes() {
  const person = await addPatientWithEmail(server());
  await addPasskey(server(), person.accountId);
  const codes = await createRecoveryCodes(await browserOf(person));
  const enter = async (code = '') => {
    const browser = visitor();
    await browser.signIn('/sign-in', person);
    return (await submitForm(browser, '/sign-in/recovery-code', { code })).status === 303;
  };
  let next = 0;
  const works = () => {
    next += 1;
    return enter(codes[next]);
  };
  return { person, works, useAnother: () => enter(codes[0]), first: codes[0] };
}

async function passkey() {
  const person = await addPatientWithEmail(server());
  const key = await addPasskey(server(), person.accountId);
  const works = async () => (await visitor().usePasskey('/sign-in', key, '/sign-in')).status === 303;
  return { person, works };
}

/** A representative with an app. @returns also functions that end and restore the access */
async function representative() {
  const { patientId } = await addPatientWithEmail(server());
  const username = `guard-${patientId.slice(0, 8)}`;
  const add = async () => {
    const words = ['representations', 'add', patientId, '--username', username, '--name', 'Marta Guardian'];
    return (await run([...words, '--relationship', 'MTH'])).answer;
  };
  const end = () => run(['representations', 'end', patientId, '--username', username, '--reason', 'Of age']);
  const { password } = await add();
  return { username, password, add, end };
}

/** A patient whose account opens records at two practices. @returns functions that end and restore access to the first */
async function ownRecord() {
  const person = await addPatientWithEmail(server());
  await server().db.queryText(
    `insert into representation (account_id, record_id)
     select $1, record_id from record where practice_id <> $2 and record_id <> $3 limit 1`,
    [person.accountId, LIVE_PRACTICE, await findRecordId(server(), person)],
  );
  const desk = await signInStaff(server(), ['front-desk']);
  const page = `/practice/${LIVE_PRACTICE}/patients/${person.patientId}/accounts/${person.accountId}`;
  const change = async (action: string) => {
    const browser = await browserOf(desk);
    const form = hiddenFields(await browser.get(`${page}/${action}`), 'form:not([action])');
    const { status, body } = await browser.post(`${page}/${action}`, { ...form, reason: 'Asked for it' });
    if (status !== 303) throw new Error(`${action}: ${status} ${body}`);
  };
  return {
    works: async () => opens(`/account/${person.key}`, await browserOf(person)),
    end: () => change('deactivate'),
    restore: () => change('unlock'),
  };
}

export const CASES: RemedyCases = {
  endings: {
    'tokens of an app that asked the person again': [
      'consent',
      async () => {
        const [app, person] = [await addApp(server()), await addPatientWithEmail(server())];
        return { works: await connect(app, person), end: () => connect(app, person) };
      },
    ],
    'the account of a staff member that was locked': [
      'staff/lock',
      async () => {
        const colleague = await signInStaff(server(), ['administrator']);
        return {
          works: async () => opens(STAFF, await browserOf(colleague)),
          end: async () =>
            submit(await browserOf(people.boss), `${STAFF}/${colleague.accountId}/lock`, { reason: 'Phone lost' }),
        };
      },
    ],
    'roles of a staff member': [
      'staff/change',
      async () => {
        const colleague = await signInStaff(server(), ['administrator', 'front-desk']);
        return {
          works: async () => opens(STAFF, await browserOf(colleague)),
          end: async () =>
            submit(await browserOf(people.boss), `${STAFF}/${colleague.accountId}`, { roles: 'front-desk' }),
        };
      },
    ],
    'a representative': [
      'account/end-representation',
      async () => {
        const { end, ...person } = await representative();
        return { works: await connect(await addApp(server()), person), end };
      },
    ],
    'a patient’s own access to a record, which the practice ended': ['account/end-own-access', ownRecord],
    'an account that its owner closed': [
      'account/close',
      async () => {
        const person = await addPatientWithEmail(server());
        return {
          works: () => signsIn(person),
          end: async () => submit(await browserOf(person), `${SECURITY}/close`, { sure: 'yes' }),
        };
      },
    ],
    'a password that its owner changed': [
      'account/password',
      async () => {
        const person = await addPatientWithEmail(server());
        return {
          works: () => signsIn(person),
          end: async () => submit(await browserOf(person), `${SECURITY}/password`, { password: NEW_PASSWORD }),
        };
      },
    ],
    'a passkey': [
      'factor/passkey-removed',
      async () => {
        const { person, works } = await passkey();
        return {
          works,
          async end() {
            const browser = await browserOf(person);
            const page = linksOf(await browser.get(SECURITY)).find((link) => link.includes('/passkeys/remove')) ?? '';
            await submit(browser, page, {}, `${SECURITY}/passkeys/remove`);
          },
        };
      },
    ],
    'second factors that were reset': [
      'factor/factors-removed',
      async () => {
        const { person, works } = await passkey();
        return {
          works,
          async end() {
            const words = ['accounts', 'lost-factor', person.username, '--proofing', 'Photo ID'];
            const { link } = (await run(words)).answer;
            await submit(visitor(), new URL(link).pathname, { password: person.password });
          },
        };
      },
    ],
    'recovery codes that were replaced': [
      'factor/codes-made',
      async () => {
        const { person, works } = await recoveryCodes();
        return { works, end: async () => createRecoveryCodes(await browserOf(person)) };
      },
    ],
    'recovery codes of which one was used': [
      'factor/code-used',
      async () => {
        const { works, useAnother } = await recoveryCodes();
        return { works, end: useAnother };
      },
    ],
  },
  lifted: {
    'staff/unlock': async () => {
      const colleague = await signInStaff(server(), ['administrator']);
      const at = `${STAFF}/${colleague.accountId}`;
      return {
        works: async () => opens(STAFF, await browserOf(colleague)),
        async end() {
          await submit(await browserOf(people.boss), `${at}/lock`, { reason: 'Phone lost' });
          await submit(await browserOf(people.boss), `${at}/lock`, {}, `${at}/unlock`);
        },
      };
    },
    'account/add-representation': async () => {
      const { end, add, ...person } = await representative();
      const works = () => signsIn(person);
      return { works, end: () => end().then(add) };
    },
    'account/restore-own-access': async () => {
      const { works, end, restore } = await ownRecord();
      return { works, end: () => end().then(restore) };
    },
  },
  byHand: {
    'account/email-changed': async () => {
      const person = await addPatientWithEmail(server(), { email: 'earlier@example.com' });
      return async () => {
        await submit(await browserOf(person), `${SECURITY}/email`, { email: 'later@example.com' });
        await submitForm(visitor(), emailLink((await listEmailsTo(server(), 'later@example.com'))[0], server()));
      };
    },
  },
};
