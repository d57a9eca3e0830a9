// Medicines: prescriptions and plans (MedicationRequest; MedicationOrder in DSTU2), and what someone reported to the
// practice (MedicationStatement). A medicine is current only if its status says so and nothing else contradicts it.
import { allWords, listOf, valid, wordsOf } from './elements.js';
import { fact, hasEnded, joinRepeats, noteFact, statusWords } from './entry.js';
import { day } from './format.js';
import { messages } from './messages.js';

const STATES = {
  active: 'current',
  draft: 'planned',
  intended: 'planned',
  completed: 'past',
  stopped: 'past',
  cancelled: 'past',
  'not-taken': 'past',
};
const ORDERS = [undefined, 'order', 'original-order', 'reflex-order', 'filler-order', 'instance-order'];

const isStatement = ({ resourceType }) => resourceType === 'MedicationStatement';
/** A statement with status not-taken in R4, and with a flag of its own in DSTU2. */
const isNotTaken = ({ status, wasNotTaken }) => status === 'not-taken' || wasNotTaken === true;
const isReported = (given) =>
  isStatement(given) || given.reportedBoolean === true || given.reportedReference !== undefined;

/** US Core: the intent of a medicine that is taken without a prescription is plan, and it is marked as reported. */
const isPlanned = (given) => !ORDERS.includes(given.intent) && !(given.intent === 'plan' && isReported(given));

function groupOf(given) {
  const group = isNotTaken(given) ? 'past' : (STATES[given.status] ?? 'unclear');
  if (group !== 'current') return group;
  if (isPlanned(given)) return 'planned';
  if (given.doNotPerform === true) return 'avoid';
  return hasEnded(given.effectivePeriod?.end) ? 'unclear' : group;
}

/** The resources to show: valid ones, without statements that repeat a prescription. */
export function shownMedicines({ MedicationRequest, MedicationOrder, MedicationStatement }) {
  const requests = valid(MedicationRequest ?? MedicationOrder);
  const known = new Map(requests.map((given) => [`${given.resourceType}/${given.id}`, groupOf(given)]));
  // A statement made from a prescription repeats it if it says the same. DSTU2 has no status for a paused statement.
  const repeats = (given) =>
    !isNotTaken(given) &&
    [...listOf(given.derivedFrom), ...listOf(given.supportingInformation)].some(({ reference = '' }) => {
      const isPaused = reference.startsWith('MedicationOrder/') && known.get(reference) === 'unclear';
      return isPaused || known.get(reference) === groupOf(given);
    });
  const statements = valid(MedicationStatement).filter((given) => !repeats(given));
  return [...requests, ...statements];
}

export const medicines = (resources) => joinRepeats(shownMedicines(resources).map(medicine));

export function medicine(given) {
  const { status, statusReason, effectivePeriod: period } = given;
  // DSTU2 has different elements for the reason why a medicine ended and the reason why it isn't taken.
  const why = allWords(statusReason ?? given.reasonEnded ?? given.reasonNotTaken);
  const isActive = status === 'active' && !isNotTaken(given);
  const state = isNotTaken(given) ? messages.notTaken : statusWords(listOf(status))[0];
  const dosages = listOf(given.dosageInstruction ?? given.dosage).map(
    ({ patientInstruction, text }) => patientInstruction ?? text,
  );
  const isPrescribed = !isReported(given) && !isPlanned(given) && given.doNotPerform !== true;
  const by = given.reportedReference ?? given.informationSource ?? given.requester ?? given.prescriber;
  return {
    name: nameOf(given),
    group: groupOf(given),
    marks: [
      given.doNotPerform === true && messages.notToBeTaken,
      isReported(given) && messages.reported,
      isPlanned(given) && messages.intents[given.intent],
      !isActive && !why && state,
    ].filter(Boolean),
    lines: [
      dosages.filter(Boolean).join('; '),
      why && `${isActive ? messages.facts.reason : state}: ${why}`,
      fact('reason', allWords(given.reasonCode ?? given.reasonCodeableConcept ?? given.reasonForUseCodeableConcept)),
      fact('since', day(period?.start)),
      fact('until', day(period?.end)),
      fact('by', by?.display),
      noteFact(given),
    ],
    label: isPrescribed ? messages.facts.prescribed : messages.facts.recorded,
    at: given.authoredOn ?? given.dateWritten ?? given.dateAsserted ?? given.effectiveDateTime,
  };
}

function nameOf({ medicationCodeableConcept, medicationReference, contained = [] }) {
  const own = contained.find(({ id }) => medicationReference?.reference === `#${id}`);
  return wordsOf(medicationCodeableConcept) ?? medicationReference?.display ?? wordsOf(own?.code);
}
