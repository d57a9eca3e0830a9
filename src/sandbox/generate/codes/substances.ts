import { type Concept, conceptOf } from './coding.ts';

/** Allergens, and codes that state that there is no known allergy. */
export const SUBSTANCES = {
  penicillin: conceptOf('rxnorm', '7980', 'penicillin G', 'Penicillin'),
  sulfa: conceptOf(
    'rxnorm',
    '10831',
    'sulfamethoxazole / trimethoprim',
    'Sulfa antibiotic (sulfamethoxazole and trimethoprim)',
  ),
  aspirin: conceptOf('rxnorm', '1191', 'aspirin', 'Aspirin'),
  peanut: conceptOf('snomed', '762952008', 'Peanut (substance)', 'Peanut'),
  shellfish: conceptOf('snomed', '735029006', 'Shellfish (substance)', 'Shellfish'),
  egg: conceptOf('snomed', '102263004', 'Eggs (edible) (substance)', 'Eggs'),
  latex: conceptOf('snomed', '111088007', 'Latex (substance)', 'Latex'),
  grassPollen: conceptOf('snomed', '256277009', 'Grass pollen (substance)', 'Grass pollen'),
  none: conceptOf('snomed', '716186003', 'No known allergy (situation)', 'No known allergies'),
} satisfies Record<string, Concept>;

export const REACTIONS = {
  hives: conceptOf('snomed', '247472004', 'Wheal (finding)', 'Hives'),
  rash: conceptOf('snomed', '271807003', 'Eruption of skin (disorder)', 'Rash'),
  anaphylaxis: conceptOf('snomed', '39579001', 'Anaphylaxis (disorder)', 'Anaphylaxis'),
  swelling: conceptOf('snomed', '41291007', 'Angioedema (disorder)', 'Swelling of the face or throat'),
  vomiting: conceptOf('snomed', '422400008', 'Vomiting (disorder)', 'Vomiting'),
  itching: conceptOf('snomed', '418363000', 'Itching of skin (finding)', 'Itching'),
  wheezing: conceptOf('snomed', '56018004', 'Wheezing (finding)', 'Wheezing'),
  /** US Core, Missing Data: an unknown required code is replaced by a code that says so. */
  unknown: conceptOf('dataAbsent', 'unknown', 'Unknown', 'Not known'),
} satisfies Record<string, Concept>;

export type SubstanceKey = keyof typeof SUBSTANCES;
export type ReactionKey = keyof typeof REACTIONS;
