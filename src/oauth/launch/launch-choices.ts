import { hours, later, type RecordId } from '../../kernel/index.ts';
import type { OAuthParameters } from '../parameters.ts';
import type { LaunchEncounter } from '../ports.ts';
import type { FhirContextItem, LaunchContext } from '../token/launch-context.ts';
import type { LaunchChoices, LaunchFormError } from './pages.ts';
import type { LaunchableApp, LaunchRecordContents } from './ports.ts';

/**
 * Initial values of the form in which staff choose an app and its launch context.
 * @param open id of the encounter that was open before, if there was one
 */
export const initialChoices = (
  encounters: readonly LaunchEncounter[],
  now: Date,
  open: string | undefined,
): LaunchChoices => ({
  app: '',
  encounter: (encounters.find(({ id }) => id === open) ?? likelyEncounter(encounters, now))?.id ?? '',
  intent: '',
  focus: '',
  banner: true,
});

/**
 * The encounter that staff most likely open an app for: the one in progress, otherwise the next planned one, otherwise
 * the latest that took place.
 * @param encounters newest first
 */
function likelyEncounter(encounters: readonly LaunchEncounter[], now: Date): LaunchEncounter | undefined {
  // In the evening of the United States, the UTC date is tomorrow's. A visit of today is still the next one.
  const today = later(now, -hours(12)).toISOString().slice(0, 10);
  return (
    encounters.find(({ state }) => state === 'in-progress') ??
    encounters.findLast(({ state, date }) => state === 'planned' && date !== undefined && date >= today) ??
    encounters.find(({ state }) => state === 'finished')
  );
}

export const parseLaunchChoices = (form: OAuthParameters): LaunchChoices => ({
  app: form['app'] ?? '',
  encounter: form['encounter'] ?? '',
  intent: form['intent']?.trim() ?? '',
  focus: form['focus']?.trim() ?? '',
  // Browsers send no value for an unchecked checkbox.
  banner: form['need_patient_banner'] === 'yes',
});

/** The apps and encounters that staff can choose from for the selected patient. */
export interface LaunchOffer {
  readonly recordId: RecordId;
  readonly apps: readonly LaunchableApp[];
  readonly encounters: readonly LaunchEncounter[];
}

export interface ValidatedLaunch {
  readonly app: LaunchableApp & { readonly launchUri: string };
  readonly context: LaunchContext;
}

/** Validates the submitted choices against the offered ones, because a form can be forged. Returns the first error. */
export async function validateLaunchChoices(
  choices: LaunchChoices,
  offer: LaunchOffer,
  contents: LaunchRecordContents,
): Promise<ValidatedLaunch | LaunchFormError> {
  const app = offer.apps.find(({ clientId }) => clientId === choices.app);
  if (app?.launchUri === undefined) return { field: 'app' };
  if (choices.encounter !== '' && !offer.encounters.some(({ id }) => id === choices.encounter))
    return { field: 'encounter' };
  if (!/^[\w-]{0,100}$/.test(choices.intent)) return { field: 'intent' };
  const focus = choices.focus === '' ? undefined : await resolveFocus(choices.focus, offer.recordId, contents);
  if (focus === null) return { field: 'focus' };
  return { app: { ...app, launchUri: app.launchUri }, context: buildLaunchContext(choices, focus) };
}

/**
 * Converts the entered reference to an item of `fhirContext` (SMART App Launch 2.2 §2.0.10.3). Patient and encounter
 * are rejected, because they have parameters of their own. Returns null if the text isn't a reference to a resource of
 * the record.
 */
async function resolveFocus(
  text: string,
  recordId: RecordId,
  contents: LaunchRecordContents,
): Promise<FhirContextItem | null> {
  const [, type, id] = /^([A-Z][A-Za-z]{1,40})\/([A-Za-z0-9.-]{1,64})$/.exec(text) ?? [];
  if (type === undefined || id === undefined || type === 'Patient' || type === 'Encounter') return null;
  return (await contents.contains(recordId, type, id)) ? { reference: `${type}/${id}` } : null;
}

const buildLaunchContext = (choices: LaunchChoices, focus: FhirContextItem | undefined): LaunchContext => ({
  ...(choices.encounter === '' ? {} : { encounter: choices.encounter }),
  needPatientBanner: choices.banner,
  ...(choices.intent === '' ? {} : { intent: choices.intent }),
  ...(focus === undefined ? {} : { fhirContext: [focus] }),
});
