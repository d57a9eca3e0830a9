import type { Messages } from '../../i18n/index.ts';
import { categoryKeys, type DataCategory } from '../scopes/resource-categories.ts';

export type CategoryGroup = keyof Messages['dataCategories']['groups'];

/**
 * The contents of each group of the consent page, in the order of the page: data categories, and parts of Condition and
 * Observation by the key of their category. A data category with parts is also listed itself, for requests that are
 * limited by other parameters than `category`. Each is in exactly one group.
 */
const KEYS_BY_GROUP: Readonly<Record<CategoryGroup, readonly string[]>> = {
  person: ['Patient'],
  problems: [
    ...categoryKeys('Condition'),
    'Condition',
    'Procedure',
    'CarePlan',
    'Goal',
    'CareTeam',
    'ServiceRequest',
    'Device',
  ],
  medicines: [
    'MedicationRequest',
    'MedicationDispense',
    'MedicationStatement',
    'MedicationAdministration',
    'Medication',
  ],
  results: [
    'Observation:laboratory',
    'Observation:vital-signs',
    'Observation:clinical-test',
    'Observation',
    'DiagnosticReport',
    'Specimen',
    'Media',
  ],
  allergies: ['AllergyIntolerance', 'Immunization'],
  visits: ['Encounter', 'Appointment', 'DocumentReference', 'Location'],
  life: [
    'Observation:social-history',
    'Observation:sdoh',
    'Observation:survey',
    'QuestionnaireResponse',
    'FamilyMemberHistory',
    'RelatedPerson',
  ],
  money: ['Coverage', 'ExplanationOfBenefit'],
};

export const CATEGORY_GROUPS = Object.entries(KEYS_BY_GROUP) as readonly (readonly [
  CategoryGroup,
  readonly string[],
])[];

const GROUP_BY_KEY: ReadonlyMap<string, CategoryGroup> = new Map(
  CATEGORY_GROUPS.flatMap(([group, keys]) => keys.map((key) => [key, group] as const)),
);

/** Something that the consent page lists in a group. */
interface GroupedItem {
  readonly type: DataCategory;
  readonly key: string;
}

/**
 * Divides consent items into the groups of the page. Groups and their items are in the order of the page. A group
 * without items is left out.
 */
export function groupByCategory<Item extends GroupedItem>(
  items: readonly Item[],
): readonly (readonly [CategoryGroup, readonly Item[]])[] {
  const byGroup = Map.groupBy(items, ({ key, type }) => GROUP_BY_KEY.get(key) ?? GROUP_BY_KEY.get(type));
  return CATEGORY_GROUPS.flatMap(([group, keys]) => {
    const own = byGroup.get(group)?.toSorted((one, other) => keys.indexOf(one.key) - keys.indexOf(other.key));
    return own === undefined ? [] : [[group, own] as const];
  });
}

/**
 * Whether a group of the consent page has a switch for the whole group. A group with one item has none: the checkbox of
 * the item decides.
 */
export const hasGroupSwitch = (items: readonly unknown[]): boolean => items.length > 1;

/** The part of a submitted consent form that says which data categories the app may see. */
export interface SubmittedItems {
  /** Keys of the consent items that are checked. */
  readonly allowed: readonly string[];
  /** Groups whose switch is on. */
  readonly groups: readonly string[];
}

/**
 * Returns the keys of the offered items that a submitted form allows. The switch of a group decides first: if it is
 * off, all items of the group are denied, whatever the form says about them. If it is on, the checkbox of each item
 * decides. A browser sends neither a switch nor a checkbox that is off, so a missing field never allows anything.
 */
export const readAllowedItems = (
  items: readonly GroupedItem[],
  { allowed, groups }: SubmittedItems,
): readonly string[] =>
  groupByCategory(items).flatMap(([group, own]) =>
    hasGroupSwitch(own) && !groups.includes(group)
      ? []
      : own.map(({ key }) => key).filter((key) => allowed.includes(key)),
  );
