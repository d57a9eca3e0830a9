import { codingsOf, concept, recoded, recodings } from './coding.ts';
import type { Conversion } from './conversion.ts';
import { identifier, momentAs, period, signature } from './datatypes.ts';
import {
  type Codes,
  type Context,
  type Convert,
  coded,
  codes,
  dropped,
  firstOf,
  isObject,
  type Json,
  kept,
  likeParts,
  listOf,
  of,
  partly,
  type Rule,
  shape,
  textOf,
} from './element.ts';
import { resourceRules } from './envelope.ts';
import { link, reference } from './reference.ts';

export const ENTITY_ROLE: Codes = codes({
  derivation: 'derivation',
  revision: 'revision',
  quotation: 'quotation',
  source: 'source',
});

const toAny = reference();
const NO_DSTU2_TYPE = { display: 'A resource that FHIR DSTU2 does not have' };
/** The list keeps its length and order, because targets that a client may not see are removed by their position. */
const targets: Rule = (from, name, into, context) => {
  const all = listOf(from[name]).map((one) => toAny(one, context) ?? NO_DSTU2_TYPE);
  if (all.length > 0) into[name] = all;
};

const PARTICIPANT = 'http://terminology.hl7.org/CodeSystem/provenance-participant-type';
export const ROLES = new Map(
  recodings(
    PARTICIPANT,
    'http://hl7.org/fhir/provenance-participant-role',
    Object.fromEntries(
      'enterer performer author verifier attester informant custodian assembler composer'
        .split(' ')
        .map((code) => [code, code]),
    ),
  ),
);
const roleCoding = recoded(ROLES);
const UNKNOWN = { system: 'http://hl7.org/fhir/v3/NullFlavor', code: 'UNK', display: 'unknown' };

const agentLink = link('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization');
const agentReference = reference('Practitioner', 'RelatedPerson', 'Patient', 'Device', 'Organization');
/** An agent without a reference but with an identifier becomes a user. */
const who: Rule = (from, name, into, context) => {
  const value = from[name];
  const user = isObject(value) ? identifier(value['identifier'], context) : undefined;
  const converted = agentLink(value, context) ?? agentReference(value, context);
  if (converted !== undefined) into['actor'] = converted;
  if (user !== undefined && agentLink(value, context) === undefined) into['userId'] = user;
};

const agentParts = shape({
  type: (from, name, into, context) => {
    const [first] = codingsOf(from[name]);
    const converted = roleCoding(first, context);
    if (converted !== undefined) into['role'] = converted;
  },
  role: dropped,
  who,
  onBehalfOf: dropped,
});
const agent: Convert = likeParts(agentParts, (value, context) => {
  const converted = agentParts(value, context);
  return isObject(converted) ? { role: UNKNOWN, ...converted } : undefined;
});

const RESOURCE_TYPES = 'http://hl7.org/fhir/resource-types';
/** DSTU2 requires the type of the entity. It is taken from the reference; otherwise it is reported as unknown. */
const what: Rule = (from, name, into, context) => {
  const converted = toAny(from[name], context);
  const uri = isObject(converted) ? textOf(converted['reference']) : undefined;
  if (uri === undefined) return;
  into['reference'] = uri;
  into['type'] = entityType(uri, context);
  const display = isObject(converted) ? textOf(converted['display']) : undefined;
  if (display !== undefined) into['display'] = display;
};
function entityType(uri: string, context: Context): Json {
  const type = context.contained.get(uri)?.type ?? /(?:^|\/)([A-Z][A-Za-z]+)\/[^/]+$/.exec(uri)?.[1];
  return type === undefined ? UNKNOWN : { system: RESOURCE_TYPES, code: type };
}
const entity = shape({ role: coded(ENTITY_ROLE), what, agent: firstOf(agent) }, 'role', 'type', 'reference');

export const provenance: Conversion = {
  type: 'Provenance',
  rules: resourceRules({
    target: targets,
    occurredPeriod: of(period, 'period'),
    occurredDateTime: momentAs('period'),
    recorded: kept,
    policy: kept,
    location: of(reference('Location')),
    reason: of(concept),
    activity: of(concept),
    agent: of(agent),
    // DSTU2 has no role for a removed entity.
    entity: partly(of(entity)),
    signature: of(signature),
  }),
  required: ['target', 'recorded'],
  profiles: [],
};
