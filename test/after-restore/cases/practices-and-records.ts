import { textInput } from '../../../src/intake/index.ts';
import { addPatientWithEmail } from '../../support/people/account-security.ts';
import { approveRequest } from '../../support/people/developer-portal.ts';
import { addLivePatient } from '../../support/people/live-patient.ts';
import { addAnotherPractice, signInStaff } from '../../support/people/practice-portal.ts';
import { browserOf, caller, people, type RemedyCases, run, server, submit } from './context.ts';

const LIVE = ['--practice', 'Live practice'];

/** A practice with an administrator. @returns functions that turn its API off and on, and tell whether it is on */
async function practiceApi(name: string) {
  const practiceId = await addAnotherPractice(server(), name);
  const there = await signInStaff(server(), ['administrator'], [practiceId]);
  const isOfPractice = ({ id }: { id: number }) => id === practiceId;
  return {
    works: async () => (await run(['practices', 'list'])).answer.find(isOfPractice).enabled,
    change: async () => submit(await browserOf(there), `/practice/${practiceId}/settings/api`, { sure: 'yes' }),
  };
}

/** Two records of the same person. @returns commands that merge them, and that undo it */
async function duplicates() {
  const [{ patientId: duplicate }, { patientId: into }] = [
    await addPatientWithEmail(server()),
    await addPatientWithEmail(server()),
  ];
  return {
    merge: () => run(['record', 'merge', duplicate, '--into', into, ...LIVE]),
    unmerge: () => run(['record', 'unmerge', duplicate, ...LIVE]),
  };
}

export const CASES: RemedyCases = {
  endings: {
    'the API of a practice': [
      'practice/api-off',
      async () => {
        const { works, change } = await practiceApi('Turned off');
        return { works, end: change };
      },
    ],
  },
  lifted: {
    'practice/api-on': async () => {
      const { works, change } = await practiceApi('Turned off and on');
      return { works, end: () => change().then(change) };
    },
  },
  byHand: {
    'record/erase': async () => {
      const { patientId } = await addPatientWithEmail(server());
      return async () => {
        const words = ['record', 'erase', patientId, '--reason', 'Request', '--requested-by', people.ada.username];
        await approveRequest(await caller(people.bob), { approvalId: (await run(words)).answer.approval });
      };
    },
    'record/merge': async () => (await duplicates()).merge,
    'record/unmerge': async () => {
      const { merge, unmerge } = await duplicates();
      await merge();
      return unmerge;
    },
    'record/retracted': async () => {
      const [patient, observation] = [
        { resourceType: 'Patient', id: 'misfiled', name: [{ family: 'Misfiled' }] },
        {
          resourceType: 'Observation',
          id: 'misfiled',
          status: 'final',
          code: { text: 'A result of another patient' },
          subject: { reference: 'Patient/misfiled' },
        },
      ];
      await addLivePatient(server(), [
        textInput('misfiled', [patient, observation].map((one) => JSON.stringify(one)).join('\n')),
      ]);
      const [stored] = await server().db.queryText<{ id: string }>(
        `select id from resource where type = 'Observation' and content like '%A result of another patient%'`,
        [],
      );
      return () => run(['record', 'retract', `Observation/${stored?.id}`, ...LIVE]);
    },
    'practice/remove': async () => {
      await addAnotherPractice(server(), 'Moved away');
      return () => run(['practices', 'remove', 'Moved away', '--reason', 'Moved', '--confirm', 'Moved away']);
    },
  },
};
