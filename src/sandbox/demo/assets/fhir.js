// Reading FHIR, of either version: they differ in what is in the resources, not in how they are asked for.
import { Failure, failureOf, fetchPatiently } from './failure.js';
import { refresh } from './oauth.js';
import { session } from './session.js';

/** Asks with the token; when it has run out, with a new one. A token goes to addresses of this base only. */
export async function ask(config, base, url, accept = 'application/json') {
  if (!url.startsWith(`${base}/`)) throw new Failure('The record points to another server. The app does not follow.');
  const send = () =>
    fetchPatiently(url, {
      headers: { authorization: `Bearer ${session.get('tokens').access_token}`, accept },
      // some faults come back as a page: what is asked for is never that
      redirect: 'error',
    });
  let response = await send();
  if (response.status === 401 && session.get('tokens').refresh_token !== undefined) {
    await refresh(config);
    response = await send();
  }
  if (!response.ok) throw await failureOf(response);
  return response;
}

export const readPatient = async (config, base) =>
  (await ask(config, base, `${base}/Patient/${session.get('tokens').patient}`)).json();

/** Everything of a type, page by page. @param progress told how many are here, of how many */
export async function readAll(config, base, type, progress) {
  const found = [];
  let next = `${base}/${type}?${new URLSearchParams({ patient: session.get('tokens').patient, _count: 200 })}`;
  while (next !== undefined) {
    const bundle = await (await ask(config, base, next)).json();
    found.push(...(bundle.entry ?? []).map((entry) => entry.resource).filter((each) => each?.resourceType === type));
    progress(found.length, bundle.total ?? found.length);
    next = bundle.link?.find(({ relation }) => relation === 'next')?.url;
  }
  return found;
}

/** Not shared, and not broken: the person did not allow this kind of data. */
export const isNotShared = (failure) => failure.status === 403 && failure.code === 'scope-denied';
