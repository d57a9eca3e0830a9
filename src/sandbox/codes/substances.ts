import { codeableConcept, type SandboxConcept } from './coding.ts';

/** Allergens, and codes that state that there is no known allergy. */
export const SUBSTANCES = {
  penicillin: codeableConcept('rxnorm', '7980', 'penicillin G', 'Penicillin'),
  sulfa: codeableConcept(
    'rxnorm',
    '10831',
    'sulfamethoxazole / trimethoprim',
    'Sulfa antibiotic (sulfamethoxazole and trimethoprim)',
  ),
  aspirin: codeableConcept('rxnorm', '1191', 'aspirin', 'Aspirin'),
  peanut: codeableConcept('snomed', '762952008', 'Peanut (substance)', 'Peanut'),
  shellfish: codeableConcept('snomed', '735029006', 'Shellfish (substance)', 'Shellfish'),
  egg: codeableConcept('snomed', '102263004', 'Eggs (edible) (substance)', 'Eggs'),
  latex: codeableConcept('snomed', '111088007', 'Latex (substance)', 'Latex'),
  grassPollen: codeableConcept('snomed', '256277009', 'Grass pollen (substance)', 'Grass pollen'),
  none: codeableConcept('snomed', '716186003', 'No known allergy (situation)', 'No known allergies'),
} satisfies Record<string, SandboxConcept>;

export const REACTIONS = {
  hives: codeableConcept('snomed', '247472004', 'Wheal (finding)', 'Hives'),
  rash: codeableConcept('snomed', '271807003', 'Eruption of skin (disorder)', 'Rash'),
  anaphylaxis: codeableConcept('snomed', '39579001', 'Anaphylaxis (disorder)', 'Anaphylaxis'),
  swelling: codeableConcept('snomed', '41291007', 'Angioedema (disorder)', 'Swelling of the face or throat'),
  vomiting: codeableConcept('snomed', '422400008', 'Vomiting (disorder)', 'Vomiting'),
  itching: codeableConcept('snomed', '418363000', 'Itching of skin (finding)', 'Itching'),
  wheezing: codeableConcept('snomed', '56018004', 'Wheezing (finding)', 'Wheezing'),
  /** Code for a required element whose value is unknown, as US Core requires (Missing Data). */
  unknown: codeableConcept('dataAbsent', 'unknown', 'Unknown', 'Not known'),
} satisfies Record<string, SandboxConcept>;

export type SubstanceKey = keyof typeof SUBSTANCES;
export type ReactionKey = keyof typeof REACTIONS;
