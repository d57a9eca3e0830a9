import type { ValueSetCodes } from '../terminology/value-sets.ts';
import type { ElementRule, ProfileRules } from './profile-rules.ts';

/** Definitions of a FHIR version and of the loaded guides. */
export interface FhirDefinitions {
  /** Definition of a type by name: Observation, Quantity. */
  type(name: string): ProfileRules | undefined;
  /**
   * Profile by canonical URL. With a version, the profile must have that version or none. FHIR R4 references §2.3.0.5
   */
  profile(canonical: string): ProfileRules | undefined;
  readonly valueSets: ValueSetCodes;
  /** Name of a property for comments, which any object may have and which isn't an element. */
  readonly commentProperty?: string | undefined;
}

const TYPE_URL_PREFIX = 'http://hl7.org/fhir/StructureDefinition/';

/** @param profiles later ones win over earlier ones with the same URL */
export function createDefinitions(
  profiles: Iterable<ProfileRules>,
  valueSets: ValueSetCodes,
  remarks?: string,
): FhirDefinitions {
  const byUrl = new Map<string, ProfileRules>();
  const byVersion = new Map<string, ProfileRules>();
  for (const profile of profiles) {
    byUrl.set(profile.url, profile);
    byVersion.set(`${profile.url}|${profile.version ?? ''}`, profile);
  }
  const ofFhir = [...byUrl].filter(([url]) => url.startsWith(TYPE_URL_PREFIX));
  const byName = new Map(ofFhir.map(([url, profile]) => [url.slice(TYPE_URL_PREFIX.length), profile]));
  const profile = (canonical: string) =>
    canonical.includes('|')
      ? (byVersion.get(canonical) ?? byVersion.get(`${canonical.split('|', 1)[0]}|`))
      : byUrl.get(canonical);
  return { type: (name) => byName.get(name), profile, valueSets, commentProperty: remarks };
}

/** Returns the rule of the element that a contentReference points to, such as `Questionnaire.item`. */
export function findRule(definitions: FhirDefinitions, path: string): ElementRule | undefined {
  const [type = '', ...steps] = path.split('.');
  return steps.reduce<ElementRule | undefined>((rule, step) => rule?.children?.[step], definitions.type(type)?.rule);
}
