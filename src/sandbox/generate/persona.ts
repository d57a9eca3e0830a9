import type { YearsAgo } from './calendar.ts';
import type { CaseKey } from './cases.ts';
import type { PractitionerKey } from './directory/practitioners.ts';

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

/** Who someone is. Family names are plants, birds and weather: nobody is meant. */
export interface Persona {
  readonly key: string;
  readonly username: string;
  /** What this test patient is good for, in one line. */
  readonly about: string;
  /** Which cases an app meets in this record, all of them: a test looks for each in the data of everybody. */
  readonly covers: readonly CaseKey[];
  readonly given: readonly string[];
  readonly family: string;
  readonly prefix?: string;
  readonly suffix?: string;
  /** The family name before, and until when. */
  readonly formerly?: { readonly family: string; readonly until: YearsAgo };
  readonly calledBy?: string;
  /** Where they lived before, and until when. */
  readonly movedFrom?: { readonly street: string; readonly town: readonly [string, string]; readonly until: YearsAgo };
  readonly gender: 'female' | 'male' | 'other';
  readonly birthSex: 'F' | 'M' | 'UNK';
  readonly age: number;
  readonly died?: YearsAgo;
  readonly race: RaceKey;
  readonly tribe?: 'navajo';
  /**
   * The sex on the birth certificate or another paper, in the form of one version of US Core: 6 and 7 have a code under
   * the URL where 8 has a Coding, so that no Patient who has it meets all of them.
   */
  readonly sex?: 'code' | 'coding';
  readonly identifiesAs?: 'female' | 'male';
  /** Whether an interpreter is needed. */
  readonly interpreter?: boolean;
  readonly hispanic?: 'mexican' | 'yes' | 'unknown';
  /** The first is the preferred one. */
  readonly languages: readonly LanguageKey[];
  readonly married?: 'M' | 'S' | 'W' | 'D';
  readonly street: string;
  readonly town: readonly [city: string, postalCode: string];
  readonly doctor: PractitionerKey;
  readonly heightCm: number;
  readonly weightKg: number;
  readonly smoking?: 'never' | 'former' | 'daily';
  /** Left out: by age, Medicare from 65 on. */
  readonly insurance?: 'private' | 'medicaid' | 'none';
  readonly works?: OccupationKey;
  readonly livingWill?: true;
  /** Who is asked and answers. */
  readonly orientation?: 'heterosexual' | 'notAnswered';
  /** So much is in the record that it is loaded after everything else. */
  readonly large?: true;
  /** Asked for, and not given. */
  readonly noPhone?: true;
  /** There is a number at work, and the practice does not know it. */
  readonly workPhoneUnknown?: true;
  /** Has an Observation entered in error. */
  readonly mistake?: boolean;
  readonly contact?: {
    readonly given: string;
    readonly family: string;
    readonly relation: 'mother' | 'daughter' | 'spouse';
    /** Helps with care, without an account. */
    readonly helps?: true;
    /** Acts for this person with an account of her own: a mother, and the key of her own life. */
    readonly represents?: string;
  };
}

export const displayName = (persona: Persona): string => `${persona.given[0]} ${persona.family}`;
export const fullName = ({ given, family, suffix }: Persona): string =>
  [...given, suffix === undefined ? family : `${family}, ${suffix}`].join(' ');
/** Which column of a reference range applies. */
export const referenceSex = (persona: Persona): 'female' | 'male' => (persona.birthSex === 'M' ? 'male' : 'female');
