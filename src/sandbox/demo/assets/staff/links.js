// Links to the system that opened the app. This one knows the patient by the id of the FHIR resource.

/** The chart of the patient. */
export const chartUrl = ({ chart }, { patient }) => `${chart}?${new URLSearchParams({ patient })}`;

/** The page that opens apps, for the patient and the visit that were open. */
export function launcherUrl({ launcher }, { patient, encounter } = {}) {
  const known = Object.entries({ patient, encounter }).filter(([, id]) => id !== undefined);
  return known.length === 0 ? launcher : `${launcher}?${new URLSearchParams(known)}`;
}
