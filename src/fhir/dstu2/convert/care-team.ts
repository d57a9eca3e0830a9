import { oneAnnotation } from './annotation.ts';
import { ARGONAUT_CARE_PLAN } from './care-plan.ts';
import { concept, wordsOf } from './coding.ts';
import { argonaut, type Conversion, hasAll, hiddenByStatus, pointsTo } from './conversion.ts';
import { identifier, period } from './datatypes.ts';
import {
  add,
  type Codes,
  type Context,
  coded,
  codes,
  type Draft,
  dropped,
  firstOf,
  isObject,
  type Json,
  keptAs,
  likeParts,
  listOf,
  objectsIn,
  of,
  type Rule,
  readElsewhere,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { labelled, narrative, periodWords } from './narrative.ts';
import { reference } from './reference.ts';
import { CARE_TEAM_PREFIX } from './resource-type.ts';
import { addToNote, toldStatus } from './told-status.ts';

export const CARE_TEAM_STATUS: Codes = codes({
  proposed: 'proposed',
  active: 'active',
  suspended: 'cancelled',
  inactive: 'completed',
});
const STATUS_NOTES = codes({ suspended: 'This care team is suspended.' });

const member = reference('Practitioner', 'RelatedPerson', 'Patient', 'Organization');
const convertMember = shape({
  role: firstOf(concept),
  member: of(member),
  onBehalfOf: dropped,
  period: readElsewhere,
});

/**
 * A member that DSTU2 can't refer to is left out. The first role is used, and its text includes the period, since a
 * member of last year would otherwise look like a current one.
 */
function convertParticipant(from: Json, context: Context): Json | undefined {
  const converted = convertMember(from, context);
  if (!isObject(converted) || converted['member'] === undefined) return undefined;
  const { role = { text: 'Care team member' }, ...rest } = converted;
  const time = periodWords(from['period']);
  if (time === undefined || !isObject(role)) return { ...rest, role };
  return { ...rest, role: { ...role, text: `${wordsOf(role) ?? 'Care team member'} (${time})` } };
}

const participants: Rule = likeParts(convertMember, (from, name, into, context) =>
  add(
    into,
    name,
    objectsIn(from[name])
      .map((one) => convertParticipant(one, context))
      .filter((one) => one !== undefined),
  ),
);

const managingOrganizationAsParticipant: Rule = (from, name, into, context) => {
  const converted = listOf(from[name]).map((one) => member(one, context));
  const role = { text: 'Managing organization' };
  add(
    into,
    'participant',
    converted.filter((one) => one !== undefined).map((one) => ({ role, member: one })),
  );
};

/**
 * Converts a CareTeam. DSTU2 has no care teams, so Argonaut represents them as CarePlans of the category `careteam`.
 */
export const careTeam: Conversion = {
  type: 'CarePlan',
  idPrefix: CARE_TEAM_PREFIX,
  rules: resourceRules({
    identifier: of(identifier),
    status: coded(CARE_TEAM_STATUS),
    // Argonaut's category replaces the one of R4.
    category: dropped,
    name: keptAs('description'),
    subject: of(reference('Patient', 'Group')),
    encounter: of(reference('Encounter', 'EpisodeOfCare'), 'context'),
    period: of(period),
    participant: participants,
    reasonCode: dropped,
    reasonReference: of(reference('Condition'), 'addresses'),
    managingOrganization: managingOrganizationAsParticipant,
    telecom: dropped,
    note: oneAnnotation,
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], CARE_TEAM_STATUS),
  complete,
  required: ['status'],
  profiles: [argonaut('careteam', isArgonautTeam)],
};

function complete(into: Draft, from: Json): void {
  into['category'] = [{ coding: [{ system: ARGONAUT_CARE_PLAN, code: 'careteam' }] }];
  addToNote(into, 'note', toldStatus(from, 'status', STATUS_NOTES));
  if (into['text'] !== undefined) return;
  const generated = narrative([
    textOf(into['description']) ?? 'Care team',
    labelled('Status', textOf(into['status'])),
    labelled('Time', periodWords(into['period'])),
    ...objectsIn(into['participant']).map(participantLine),
  ]);
  if (generated !== undefined) into['text'] = generated;
}

const participantLine = ({ role, member: person }: Json): string | undefined =>
  labelled(
    (isObject(role) ? wordsOf(role) : undefined) ?? 'Member',
    isObject(person) ? textOf(person['display']) : undefined,
  );

function isArgonautTeam(resource: Json): boolean {
  const all = objectsIn(resource['participant']);
  return (
    hasAll(resource, 'status') &&
    pointsTo(resource['subject']) &&
    all.length > 0 &&
    all.every((one) => hasAll(one, 'role', 'member'))
  );
}
