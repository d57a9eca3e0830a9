import { isObject, nonEmptyText, toList } from '../../../../kernel/index.ts';
import type { ResourceConversion } from '../conversion.ts';
import {
  type CodeMap,
  type ConversionContext,
  type ConversionRule,
  codeMap,
  copy,
  drop,
  elementConverter,
  type FhirJson,
  map,
  mapCode,
  mapFirst,
  markPartly,
  type ValueConverter,
  withPartsOf,
} from '../conversion-rules.ts';
import { codingConverter, codingMapEntries, codingsIn, convertConcept } from '../datatypes/coding.ts';
import { convertIdentifier, convertPeriod, convertSignature, pointInTimeAsPeriod } from '../datatypes/datatypes.ts';
import { linkConverter, referenceConverter } from '../datatypes/reference.ts';
import { resourceRules } from '../resource-rules.ts';

export const PROVENANCE_ENTITY_ROLE: CodeMap = codeMap({
  derivation: 'derivation',
  revision: 'revision',
  quotation: 'quotation',
  source: 'source',
});

const toAny = referenceConverter();
const NO_DSTU2_TYPE = { display: 'A resource that FHIR DSTU2 does not have' };
/**
 * Converts Provenance.target. The list keeps its length and order, because targets that a client may not see are later
 * removed by their position.
 */
const targets: ConversionRule = (from, name, into, context) => {
  const all = toList(from[name]).map((one) => toAny(one, context) ?? NO_DSTU2_TYPE);
  if (all.length > 0) into[name] = all;
};

const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
export const PROVENANCE_PARTICIPANT_ROLES = new Map(
  codingMapEntries(
    PARTICIPANT,
    'http://hl7.org/fhir/provenance-participant-role',
    Object.fromEntries(
      'enterer performer author verifier attester informant custodian assembler composer'
        .split(' ')
        .map((code) => [code, code]),
    ),
  ),
);
const roleCoding = codingConverter(PROVENANCE_PARTICIPANT_ROLES);
const UNKNOWN = { system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' };

const agentLink = linkConverter('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization');
const agentReference = referenceConverter('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization');
/** Converts Provenance.agent.who. If it has an identifier but no reference, the identifier becomes `userId`. */
const who: ConversionRule = (from, name, into, context) => {
  const value = from[name];
  const user = isObject(value) ? convertIdentifier(value['identifier'], context) : undefined;
  const converted = agentLink(value, context) ?? agentReference(value, context);
  if (converted !== undefined) into['actor'] = converted;
  if (user !== undefined && agentLink(value, context) === undefined) into['userId'] = user;
};

const agentParts = elementConverter({
  type: (from, name, into, context) => {
    const [first] = codingsIn(from[name]);
    const converted = roleCoding(first, context);
    if (converted !== undefined) into['role'] = converted;
  },
  role: drop,
  who,
  onBehalfOf: drop,
});
const agent: ValueConverter = withPartsOf(agentParts, (value, context) => {
  const converted = agentParts(value, context);
  return isObject(converted) ? { role: UNKNOWN, ...converted } : undefined;
});

const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
/**
 * Converts Provenance.entity.what. DSTU2 also requires the type of the entity, which comes from the reference. If the
 * reference has none, the type is reported as unknown.
 */
const what: ConversionRule = (from, name, into, context) => {
  const converted = toAny(from[name], context);
  const uri = isObject(converted) ? nonEmptyText(converted['reference']) : undefined;
  if (uri === undefined) return;
  into['reference'] = uri;
  into['type'] = entityType(uri, context);
  const display = isObject(converted) ? nonEmptyText(converted['display']) : undefined;
  if (display !== undefined) into['display'] = display;
};
function entityType(uri: string, context: ConversionContext): FhirJson {
  const type = context.contained.get(uri)?.type ?? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+$/.exec(uri)?.[1];
  return type === undefined ? UNKNOWN : { system: RESOURCE_TYPES, code: type };
}
const entity = elementConverter(
  { role: mapCode(PROVENANCE_ENTITY_ROLE), what, agent: mapFirst(agent) },
  'role',
  'type',
  'reference',
);

export const provenanceConversion: ResourceConversion = {
  type: 'Provenance',
  rules: resourceRules({
    target: targets,
    occurredPeriod: map(convertPeriod, 'period'),
    occurredDateTime: pointInTimeAsPeriod('period'),
    recorded: copy,
    policy: copy,
    location: map(referenceConverter('Location')),
    reason: map(convertConcept),
    activity: map(convertConcept),
    agent: map(agent),
    // An entity with the role `removal` is lost, because DSTU2 has no code for the role.
    entity: markPartly(map(entity)),
    signature: map(convertSignature),
  }),
  required: ['target', 'recorded'],
  profiles: [],
};
