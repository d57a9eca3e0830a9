// Reads FHIR. R4 and DSTU2 differ in the content of resources, not in how they are requested.
import { Failure, fetchWithRetry, readFailure } from './failure.js';
import { refresh } from './oauth.js';
import { session } from './session.js';

/**
 * Sends a request with the access token, and refreshes an expired token once. Tokens are only sent to addresses below
 * this base.
 */
export async function fetchFhir(config, base, url, accept = 'application/json') {
  if (!url.startsWith(`${base}/`)) throw new Failure('The record points to another server. The app does not follow.');
  const send = () =>
    fetchWithRetry(url, {
      headers: { authorization: `Bearer ${session.get('tokens').access_token}`, accept },
      // An error can come back as a redirect to a page, which is never the requested resource.
      redirect: 'error',
    });
  let response = await send();
  if (response.status === 401 && session.get('tokens').refresh_token !== undefined) {
    await refresh(config);
    response = await send();
  }
  if (!response.ok) throw await readFailure(response);
  return response;
}

export const readPatient = async (config, base) =>
  (await fetchFhir(config, base, `${base}/Patient/${session.get('tokens').patient}`)).json();

/**
 * Reads all resources of a type, page by page.
 * @param progress called with the number read and the total
 */
export async function readAll(config, base, type, progress) {
  const resources = [];
  let next = `${base}/${type}?${new URLSearchParams({ patient: session.get('tokens').patient, _count: 200 })}`;
  while (next !== undefined) {
    const bundle = await (await fetchFhir(config, base, next)).json();
    resources.push(
      ...(bundle.entry ?? []).map((entry) => entry.resource).filter((each) => each?.resourceType === type),
    );
    progress(resources.length, bundle.total ?? resources.length);
    next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return resources;
}

/** Whether the patient didn't share this kind of data, as opposed to an error. */
export const isNotShared = (failure) => failure.status === 403 && failure.code === 'scope-denied';
