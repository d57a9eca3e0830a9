// Turns resources into entries for the page. R4 and DSTU2 share the code; comments say where their elements differ.
import { allWords, codesOf, isFamilyHistory, listOf, nameText, valid, wordsOf } from './elements.js';
import { clinical, fact, hasEnded, joinRepeats, newestFirst, noteFact, statusWords } from './entry.js';
import { day } from './format.js';
import { messages } from './messages.js';

export function person(patient) {
  const former = patient.name?.find(({ use }) => use === 'old');
  return {
    name: nameText(patient.name),
    formerly: listOf(former?.family).join(' '),
    born: patient.birthDate,
    died: patient.deceasedDateTime ?? (patient.deceasedBoolean ? '' : undefined),
    sex: messages.person.sexes[patient.gender],
    practice: patient.managingOrganization?.display,
    // DSTU2 names generalPractitioner careProvider.
    doctor: (patient.generalPractitioner ?? patient.careProvider)?.[0]?.display,
    number: patient.identifier?.find(({ type }) => codesOf(type).includes('MR'))?.value,
    languages: listOf(patient.communication)
      .map(({ language }) => wordsOf(language))
      .filter(Boolean),
  };
}

export const allergies = ({ AllergyIntolerance }) => valid(AllergyIntolerance).map(allergy);

export function allergy(given) {
  const reactions = listOf(given.reaction);
  const severities = [...reactions.map(({ severity }) => severity), given.criticality].map(
    (code) => messages.severities[code],
  );
  const { group, marks } = clinical(given);
  return {
    // DSTU2 has the code in substance.
    name: wordsOf(given.code ?? given.substance),
    group,
    marks: [...new Set(severities.filter(Boolean)), ...marks],
    lines: [
      fact('reaction', allWords(reactions.flatMap(({ manifestation }) => manifestation ?? []))),
      fact('since', day(given.onsetDateTime ?? given.onset)),
      noteFact(given),
    ],
  };
}

/** Conditions, then health concerns, then diagnoses that were made at visits only, each once. */
export function problems({ Condition }) {
  const entries = newestFirst(valid(Condition).map(problem));
  const listed = entries.filter(({ group }) => group !== 'visit');
  const names = new Set(listed.map(({ name }) => name));
  const visits = entries.filter(({ group, name }) => group === 'visit' && !names.has(name));
  return [
    ...listed.toSorted(
      (one, other) => Number(one.marks.includes(messages.concern)) - Number(other.marks.includes(messages.concern)),
    ),
    ...joinRepeats(visits),
  ];
}

/** DSTU2 calls an encounter diagnosis a diagnosis. */
const VISIT_DIAGNOSES = ['encounter-diagnosis', 'diagnosis'];

export function problem(given) {
  const { group, marks } = clinical(given);
  const categories = codesOf(given.category);
  const since = given.onsetDateTime ?? given.onsetPeriod?.start;
  const until = given.abatementDateTime ?? given.abatementPeriod?.end;
  const about = { name: wordsOf(given.code), at: since ?? given.recordedDate ?? given.dateRecorded };
  // The status is left out, because it describes a relative's problem.
  if (isFamilyHistory(given))
    return { ...about, group: 'family', marks: [messages.relative], lines: [noteFact(given)] };
  if (group !== 'past' && categories.some((code) => VISIT_DIAGNOSES.includes(code)))
    return { ...about, group: 'visit', marks, lines: [] };
  return {
    ...about,
    group: group === 'current' && hasEnded(until) ? 'unclear' : group,
    marks: categories.includes('health-concern') ? [messages.concern, ...marks] : marks,
    lines: [fact('since', day(since)), fact('until', day(until)), noteFact(given)],
  };
}

/** R4 has a status for a dose that was not given and a procedure that was not done. DSTU2 has a flag. */
const doneWords = (given, flag, words) =>
  given.status === 'not-done' || given[flag] === true ? [words] : statusWords(listOf(given.status), 'completed');

export const immunizations = ({ Immunization }) => joinRepeats(valid(Immunization).map(immunization));

export const immunization = (given) => ({
  name: wordsOf(given.vaccineCode),
  marks: [
    ...doneWords(given, 'wasNotGiven', messages.notGiven),
    ...(given.isSubpotent === true ? [messages.subpotent] : []),
  ],
  lines: [fact('reason', allWords(given.statusReason ?? given.explanation?.reasonNotGiven)), noteFact(given)],
  at: given.occurrenceDateTime ?? given.date,
});

export const procedures = ({ Procedure }) => newestFirst(valid(Procedure).map(procedure));

export const procedure = (given) => ({
  name: wordsOf(given.code),
  marks: doneWords(given, 'notPerformed', messages.notDone),
  lines: [
    fact('reason', allWords(given.statusReason ?? given.reasonNotPerformed ?? given.reasonCode)),
    fact('by', given.performer?.find(({ actor }) => actor?.display)?.actor.display),
    noteFact(given),
  ],
  at: given.performedDateTime ?? given.performedPeriod?.start,
});

export const visits = ({ Encounter }) => newestFirst(valid(Encounter).map((given) => visit(given, 'finished')));

/** @param obvious status codes that need no word */
export const visit = (given, ...obvious) => ({
  name: wordsOf(given.type?.[0]) ?? messages.documents.visit,
  marks: [messages.visitKinds[codesOf(given.class)[0]], ...statusWords(listOf(given.status), ...obvious)].filter(
    Boolean,
  ),
  lines: [
    fact('reason', allWords(given.reasonCode ?? given.reason)),
    given.location?.[0]?.location?.display ?? given.serviceProvider?.display,
    given.participant?.find(({ individual }) => individual?.display)?.individual.display,
  ],
  at: given.period?.start,
});

export const documents = ({ DocumentReference }) =>
  newestFirst(
    valid(DocumentReference)
      .filter(({ status }) => status === 'current')
      .map((given) => ({
        name:
          given.description ??
          given.content?.[0]?.attachment?.title ??
          wordsOf(given.type) ??
          messages.documents.document,
        marks: statusWords(codesOf(given.docStatus), 'final', '').filter((word) => word !== messages.noStatus),
        lines: [[wordsOf(given.type), given.author?.[0]?.display].filter(Boolean).join(' · ')],
        // DSTU2 has created and indexed instead of date.
        at: given.date ?? given.created ?? given.indexed,
        attachment: given.content?.[0]?.attachment ?? {},
      })),
  );
