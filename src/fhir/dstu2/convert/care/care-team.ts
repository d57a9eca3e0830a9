import { isObject, nonEmptyText, objectsIn, toList } from '../../../../kernel/index.ts';
import { argonautProfile, hasAll, hasReference, hiddenByStatus, type ResourceConversion } from '../conversion.ts';
import {
  append,
  type CodeMap,
  type ConversionContext,
  type ConversionRule,
  codeMap,
  type DraftElement,
  drop,
  elementConverter,
  type FhirJson,
  handledElsewhere,
  map,
  mapCode,
  mapFirst,
  rename,
  withPartsOf,
} from '../conversion-rules.ts';
import { mergeAnnotations } from '../datatypes/annotation.ts';
import { conceptText, convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod } from '../datatypes/datatypes.ts';
import { buildNarrative, labelled, periodText } from '../datatypes/narrative.ts';
import { referenceConverter } from '../datatypes/reference.ts';
import { addToSingleNote, statusNote } from '../datatypes/status-note.ts';
import { resourceRules } from '../resource-rules.ts';
import { CARE_TEAM_PREFIX } from '../resource-type.ts';
import { ARGONAUT_CARE_PLAN } from './care-plan.ts';

export const CARE_TEAM_STATUS: CodeMap = codeMap({
  proposed: 'proposed',
  active: 'active',
  suspended: 'cancelled',
  inactive: 'completed',
});
const STATUS_NOTES = codeMap({ suspended: 'This care team is suspended.' });

const member = referenceConverter('Practitioner', 'RelatedPerson', 'Patient', 'Organization');
const convertMember = elementConverter({
  role: mapFirst(convertConcept),
  member: map(member),
  onBehalfOf: drop,
  period: handledElsewhere,
});

/**
 * Converts a team member to a CarePlan participant. A member of a type that DSTU2 doesn't allow there is left out. Only
 * the first role is used. The text of the role includes the period, because a former member would otherwise look like a
 * current one.
 */
function convertParticipant(from: FhirJson, context: ConversionContext): FhirJson | undefined {
  const converted = convertMember(from, context);
  if (!isObject(converted) || converted['member'] === undefined) return undefined;
  const { role = { text: 'Care team member' }, ...rest } = converted;
  const time = periodText(from['period']);
  if (time === undefined || !isObject(role)) return { ...rest, role };
  return { ...rest, role: { ...role, text: `${conceptText(role) ?? 'Care team member'} (${time})` } };
}

const participants: ConversionRule = withPartsOf(convertMember, (from, name, into, context) =>
  append(
    into,
    name,
    objectsIn(from[name])
      .map((one) => convertParticipant(one, context))
      .filter((one) => one !== undefined),
  ),
);

const managingOrganizationAsParticipant: ConversionRule = (from, name, into, context) => {
  const converted = toList(from[name]).map((one) => member(one, context));
  const role = { text: 'Managing organization' };
  append(
    into,
    'participant',
    converted.filter((one) => one !== undefined).map((one) => ({ role, member: one })),
  );
};

/**
 * Converts a CareTeam. DSTU2 has no care teams, so Argonaut represents them as CarePlans of the category `careteam`.
 */
export const careTeamConversion: ResourceConversion = {
  type: 'CarePlan',
  idPrefix: CARE_TEAM_PREFIX,
  rules: resourceRules({
    identifier: map(convertIdentifier),
    status: mapCode(CARE_TEAM_STATUS),
    // The category of the R4 CareTeam is dropped, because the Argonaut category `careteam` replaces it.
    category: drop,
    name: rename('description'),
    subject: map(referenceConverter('Patient', 'Group')),
    encounter: map(referenceConverter('Encounter', 'EpisodeOfCare'), 'context'),
    period: map(convertPeriod),
    participant: participants,
    reasonCode: drop,
    reasonReference: map(referenceConverter('Condition'), 'addresses'),
    managingOrganization: managingOrganizationAsParticipant,
    telecom: drop,
    note: mergeAnnotations,
  }),
  hiddenBy: (from) => hiddenByStatus(from['status'], CARE_TEAM_STATUS),
  complete,
  required: ['status'],
  profiles: [argonautProfile('careteam', isArgonautTeam)],
};

function complete(into: DraftElement, from: FhirJson): void {
  into['category'] = [{ coding: [{ system: ARGONAUT_CARE_PLAN, code: 'careteam' }] }];
  addToSingleNote(into, 'note', statusNote(from, 'status', STATUS_NOTES));
  if (into['text'] !== undefined) return;
  const generated = buildNarrative([
    nonEmptyText(into['description']) ?? 'Care team',
    labelled('Status', nonEmptyText(into['status'])),
    labelled('Time', periodText(into['period'])),
    ...objectsIn(into['participant']).map(participantLine),
  ]);
  if (generated !== undefined) into['text'] = generated;
}

const participantLine = ({ role, member: person }: FhirJson): string | undefined =>
  labelled(
    (isObject(role) ? conceptText(role) : undefined) ?? 'Member',
    isObject(person) ? nonEmptyText(person['display']) : undefined,
  );

function isArgonautTeam(resource: FhirJson): boolean {
  const all = objectsIn(resource['participant']);
  return (
    hasAll(resource, 'status') &&
    hasReference(resource['subject']) &&
    all.length > 0 &&
    all.every((one) => hasAll(one, 'role', 'member'))
  );
}
