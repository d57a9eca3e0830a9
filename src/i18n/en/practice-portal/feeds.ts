import { counts } from '../counts.ts';

/** Page with the apps that send data to a practice, and what the practice rejected. */
export const feeds = {
  title: 'Incoming data',
  lead: (practice: string) =>
    `Other systems, such as a laboratory, send data to ${practice}. See what arrived, what wasn’t stored, and what to do about it.`,
  sharedAccountNote:
    'This is a shared sandbox account. You see only the made-up laboratory that comes with the sandbox.',
  none: 'No system sends data to this practice yet.',
  lastReceived: 'Last received',
  /** The counts of the last two weeks. */
  messages: 'Deliveries in 14 days',
  stored: 'Entries stored or already up to date',
  outdated: 'Entries skipped because a newer version is stored',
  rejected: 'Entries not stored',
  rejectedTitle: 'Entries not stored',
  rejectedLead:
    'An entry leaves this list when it is stored, and after 30 days at the latest. Its contents aren’t shown, because they may belong to another patient.',
  noneRejected: 'There are no entries that you need to check.',
  newest: (limit: number) => `Only the newest ${counts.entries(limit)} are shown.`,
  columns: { time: 'Received', sender: 'Sender', data: 'What arrived', problem: 'Problem and what to do' },
  /** Kind of data that patients’ pages have no name for. */
  otherData: 'Other data',
  /** Why an entry wasn’t stored, and what staff do next. The names are those of the module `intake`. */
  problems: {
    'waiting-for-patient': {
      title: 'Waiting for the patient',
      happened: 'This entry’s patient isn’t here yet.',
      next: 'It is stored automatically when the patient arrives. If that takes more than a day, check that your EHR sends this patient, or ask the sender whether the patient is yours.',
    },
    'waiting-for-data': {
      title: 'Waiting for other data',
      happened: 'This entry belongs to data that isn’t here yet.',
      next: 'It is stored automatically when that data arrives. If that takes more than a day, contact the sender.',
    },
    'unknown-patient': {
      title: 'Unknown patient',
      happened: 'This entry’s patient isn’t here.',
      next: 'Check that your EHR sends this patient. Then ask the sender to send the entry again.',
    },
    'unclear-patient': {
      title: 'Patient not clear',
      happened: 'The entry doesn’t name exactly one patient.',
      next: 'Ask the sender to name the patient and send the entry again.',
    },
    'wrong-patient': {
      title: 'Possible patient mix-up',
      happened: 'The entry may belong to a different patient. Nothing was changed.',
      next: 'Ask the sender to check who the patient is and send the entry again.',
    },
    'other-source': {
      title: 'Data of another system',
      happened: 'The sender tried to change data that a different system sent. Nothing was changed.',
      next: 'If the change is right, make it in the system that sent the data first, such as your EHR.',
    },
    'not-merged': {
      title: 'Patients not merged',
      happened: 'The sender says that two patients are the same person. Their records weren’t merged.',
      next: 'Compare both charts. If they are the same person, ask the administrator of this server to merge the records.',
    },
    erased: {
      title: 'Record erased',
      happened: 'This patient’s record was erased.',
      next: 'Ask the sender to stop sending data about this patient.',
    },
    invalid: {
      title: 'Can’t be stored',
      happened: 'The entry can’t be stored as it was sent.',
      next: 'Give the technical details to the sender. Ask them to fix the entry and send it again.',
    },
  },
  technicalDetails: 'Technical details for the sender',
  unknownSender: 'An app that is no longer registered',
};
