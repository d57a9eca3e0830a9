import type { ValueSetCodes } from '../terminology/value-sets.ts';
import type { ElementRule, ProfileRules } from './profile-rules.ts';

/** Definitions of one FHIR version and of the loaded implementation guides. */
export interface FhirDefinitions {
  /** Returns the definition of a type by name, such as Observation or Quantity. Returns undefined if it is unknown. */
  type(name: string): ProfileRules | undefined;
  /**
   * Returns a profile by its canonical URL. If the URL has a version, the profile must have that version or none (FHIR
   * R4 references §2.3.0.5).
   */
  profile(canonical: string): ProfileRules | undefined;
  readonly valueSets: ValueSetCodes;
  /**
   * Name of the JSON property for comments, which any object may have and which isn't an element. undefined if the FHIR
   * version has none.
   */
  readonly commentProperty?: string | undefined;
}

const TYPE_URL_PREFIX = 'http://hl7.org/fhir/StructureDefinition/';

/**
 * Creates definitions.
 * @param profiles profiles and types; if two have the same URL, the later one wins
 */
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
