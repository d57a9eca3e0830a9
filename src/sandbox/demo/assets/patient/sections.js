import { allergies, documents, immunizations, problems, procedures, visits } from '../shared/entries.js';
import { medicines } from '../shared/medicines.js';
import { results } from '../shared/results.js';

/**
 * The sections of the page in their order, the types that each one reads, and the function that turns the resources
 * into what the page shows.
 */
export const SECTIONS = [
  { key: 'medicines', types: ['MedicationRequest', 'MedicationStatement'], make: medicines },
  { key: 'allergies', types: ['AllergyIntolerance'], make: allergies },
  { key: 'problems', types: ['Condition'], make: problems },
  // The reports only name the panels of the results, so the section can do without them.
  { key: 'results', types: ['Observation'], helpers: ['DiagnosticReport'], make: results },
  { key: 'immunizations', types: ['Immunization'], make: immunizations },
  { key: 'procedures', types: ['Procedure'], make: procedures },
  { key: 'visits', types: ['Encounter'], make: visits },
  { key: 'documents', types: ['DocumentReference'], make: documents },
];

export const typesOf = ({ types, helpers = [] }) => [...types, ...helpers];

/** The name of a type in a FHIR version: MedicationRequest is MedicationOrder in DSTU2. */
export const typeIn = (api, type) => (api === 'dstu2' && type === 'MedicationRequest' ? 'MedicationOrder' : type);
