import type { ValueSets } from './codes.ts';
import type { Profile, Rule } from './profile/profile.ts';

/** Definitions of a FHIR version and of the loaded guides. */
export interface Definitions {
  /** Definition of a type by name: Observation, Quantity. */
  type(name: string): Profile | undefined;
  /**
   * Profile by canonical URL. With a version, the profile must have that version or none. FHIR R4 references §2.3.0.5
   */
  profile(canonical: string): Profile | undefined;
  readonly valueSets: ValueSets;
  /** Name of a property for comments, which any object may have and which isn't an element. */
  readonly remarks?: string | undefined;
}

const TYPES = 'http://hl7.org/fhir/StructureDefinition/';

/** @param profiles later ones win over earlier ones with the same URL */
export function definitionsOf(profiles: Iterable<Profile>, valueSets: ValueSets, remarks?: string): Definitions {
  const byUrl = new Map<string, Profile>();
  const byVersion = new Map<string, Profile>();
  for (const profile of profiles) {
    byUrl.set(profile.url, profile);
    byVersion.set(`${profile.url}|${profile.version ?? ''}`, profile);
  }
  const ofFhir = [...byUrl].filter(([url]) => url.startsWith(TYPES));
  const byName = new Map(ofFhir.map(([url, profile]) => [url.slice(TYPES.length), profile]));
  const profile = (canonical: string) =>
    canonical.includes('|')
      ? (byVersion.get(canonical) ?? byVersion.get(`${canonical.split('|', 1)[0]}|`))
      : byUrl.get(canonical);
  return { type: (name) => byName.get(name), profile, valueSets, remarks };
}

/** Returns the rule of the element that a contentReference points to, such as `Questionnaire.item`. */
export function ruleAt(definitions: Definitions, path: string): Rule | undefined {
  const [type = '', ...steps] = path.split('.');
  return steps.reduce<Rule | undefined>((rule, step) => rule?.children?.[step], definitions.type(type)?.rule);
}
