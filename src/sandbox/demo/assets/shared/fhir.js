// Reads FHIR. R4 and DSTU2 differ in the content of resources, not in how they are requested.
import { refresh } from './connection.js';
import { Failure, fetchWithRetry } from './failure.js';
import { messages } from './messages.js';

/**
 * Sends a request with the library's access token, and refreshes an expired token once. Tokens are only sent to
 * addresses below this base. The library's own request() decodes documents and keeps only the text of errors.
 */
export async function fetchFhir(client, base, url, accept = 'application/json') {
  if (!url.startsWith(`${base}/`)) throw new Failure(messages.failure.elsewhere);
  const send = () =>
    fetchWithRetry(url, {
      headers: { authorization: client.getAuthorizationHeader(), accept },
      // An error can come back as a redirect to a page, which is never the requested resource.
      redirect: 'error',
    });
  try {
    return await send();
  } catch (failure) {
    if (failure.status !== 401 || !client.getState('tokenResponse.refresh_token')) throw failure;
    await refresh(client);
    return send();
  }
}

export const readPatient = async (client, base) =>
  (await fetchFhir(client, base, `${base}/Patient/${client.patient.id}`)).json();

/**
 * Reads all resources of a type, page by page.
 * @param filter further search parameters
 * @param progress called with the number read and the total
 */
export async function readAll(client, base, type, { filter = {}, progress = () => {} } = {}) {
  const resources = [];
  let next = `${base}/${type}?${new URLSearchParams({ patient: client.patient.id, ...filter, _count: 200 })}`;
  while (next !== undefined) {
    const bundle = await (await fetchFhir(client, base, next)).json();
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
