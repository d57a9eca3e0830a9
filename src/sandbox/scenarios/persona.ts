import type { PractitionerKey } from '../directory/practitioners.ts';
import type { YearsAgo } from './calendar.ts';
import type { CaseKey } from './cases.ts';

export type RaceKey =
  | 'white'
  | 'black'
  | 'asian'
  | 'chinese'
  | 'asianIndian'
  | 'navajo'
  | 'hawaiian'
  | 'arab'
  | 'unknown';
export type OccupationKey = 'nursingAssistant' | 'unknown';
export type LanguageKey = 'en' | 'es' | 'zh' | 'ar';

/** Identity of a test patient. Family names are plants, birds and weather, so that no real person is meant. */
export interface Persona {
  readonly key: string;
  readonly username: string;
  /** One line that says what this test patient is useful for. */
  readonly about: string;
  /**
   * Keys of all situations in `CASES` that this person's record contains. A test checks every patient's data for every
   * situation.
   */
  readonly covers: readonly CaseKey[];
  readonly given: readonly string[];
  readonly family: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** The previous family name, and when it changed. */
  readonly formerly?: { readonly family: string; readonly until: YearsAgo };
  readonly calledBy?: string;
  /** The previous address, and when the person moved. */
  readonly movedFrom?: { readonly street: string; readonly town: readonly [string, string]; readonly until: YearsAgo };
  readonly gender: 'female' | 'male' | 'other';
  readonly birthSex: 'F' | 'M' | 'UNK';
  readonly age: number;
  readonly died?: YearsAgo;
  readonly race: RaceKey;
  readonly tribe?: 'navajo';
  /**
   * The sex recorded on the birth certificate or another document, in the form of one US Core version. Versions 6 and 7
   * have a code at the URL where version 8 has a Coding, so a Patient with this extension can't conform to all of them.
   */
  readonly sex?: 'code' | 'coding';
  readonly identifiesAs?: 'female' | 'male';
  /** Whether the person needs an interpreter. */
  readonly interpreter?: boolean;
  readonly hispanic?: 'mexican' | 'yes' | 'unknown';
  /** Languages that the person speaks, the preferred one first. */
  readonly languages: readonly LanguageKey[];
  readonly married?: 'M' | 'S' | 'W' | 'D';
  readonly street: string;
  readonly town: readonly [city: string, postalCode: string];
  readonly doctor: PractitionerKey;
  readonly heightCm: number;
  readonly weightKg: number;
  readonly smoking?: 'never' | 'former' | 'daily';
  /** Insurance of the person. If absent, the person has Medicare from age 65 on, and private insurance before. */
  readonly insurance?: 'private' | 'medicaid' | 'none';
  readonly works?: OccupationKey;
  readonly livingWill?: true;
  /** Answer to the question about sexual orientation. */
  readonly orientation?: 'heterosexual' | 'notAnswered';
  /** True if the record is so large that it is loaded after all others. */
  readonly large?: true;
  /** True if the person was asked for a phone number and declined. */
  readonly noPhone?: true;
  /** True if the person has a work phone number that the practice doesn't know. */
  readonly workPhoneUnknown?: true;
  readonly mistake?: boolean;
  readonly contact?: {
    readonly given: string;
    readonly family: string;
    readonly relation: 'mother' | 'daughter' | 'spouse';
    /** True if the contact helps with care but has no account. */
    readonly helps?: true;
    /** Key of the persona that represents this person with an account of her own. */
    readonly represents?: string;
  };
}

export const displayName = (persona: Persona): string => `${persona.given[0]} ${persona.family}`;
export const fullName = ({ given, family, suffix }: Persona): string =>
  [...given, suffix === undefined ? family : `${family}, ${suffix}`].join(' ');
/** The sex that selects a reference range. */
export const referenceSex = (persona: Persona): 'female' | 'male' => (persona.birthSex === 'M' ? 'male' : 'female');
