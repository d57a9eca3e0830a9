// The sections of the view in their order. Each names the parts that it needs, and what it makes of them.
import { problems } from '../shared/entries.js';
import { medicines } from '../shared/medicines.js';
import { results } from '../shared/results.js';
import { entriesView } from '../shared/view-entries.js';
import { allergiesOf } from './allergies.js';
import { changesSince, lastVisit } from './changes.js';
import { recentLabs } from './recent-labs.js';
import { allergiesView } from './view-allergies.js';
import { changesView } from './view-changes.js';
import { labsView } from './view-labs.js';
import { visitView } from './view-visit.js';
import { vitalsView } from './view-vitals.js';
import { latestVitals } from './vitals.js';

const entries = (key, make, ...needs) => ({ key, needs, view: (parts) => entriesView(make(parts), { key }) });

const CHANGING = [
  'AllergyIntolerance',
  'Condition',
  'MedicationRequest',
  'MedicationStatement',
  'Observation',
  'Immunization',
  'Procedure',
  'Encounter',
];

export const SECTIONS = [
  {
    key: 'changes',
    needs: ['visit', ...CHANGING],
    view: ({ visit, ...resources }) => {
      const last = lastVisit(resources.Encounter, visit);
      return changesView(last, last && changesSince(last, resources, visit));
    },
  },
  { key: 'visit', needs: ['visit'], view: ({ visit }) => visitView(visit) },
  { key: 'allergies', needs: ['AllergyIntolerance'], view: (parts) => allergiesView(allergiesOf(parts)) },
  entries('problems', problems, 'Condition'),
  { key: 'vitals', needs: ['vitals'], view: ({ vitals }) => vitalsView(latestVitals(vitals)) },
  entries('medicines', medicines, 'MedicationRequest', 'MedicationStatement'),
  { key: 'labs', needs: ['Observation'], view: (parts) => labsView(recentLabs(results(parts))) },
];
