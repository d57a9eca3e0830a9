// Step 2, the visit: the authorization server redirects here. The app exchanges the code for an access token, reads the
// patient and the visit that came with it, and shows them.
import {
  disconnect,
  forget,
  hasEndedAccess,
  openClient,
  session,
  takeAuthorizationResponse,
} from '../shared/connection.js';
import { Failure } from '../shared/failure.js';
import { showWaiting } from '../shared/view-failure.js';
import { applyStyle } from './ehr-style.js';
import { messages } from './messages.js';
import { config } from './page.js';
import { createReader } from './reader.js';
import { SECTIONS } from './sections.js';
import { showChart, showSection } from './view-chart.js';
import { showStart } from './view-start.js';

/** Runs on every load of the page: after the launch, and when it is reloaded. */
async function arrive() {
  let client;
  try {
    takeAuthorizationResponse(config);
    if (session(config).get('code') !== undefined) showWaiting(messages.opening);
    client = await openClient(config);
  } catch (failure) {
    return notOpened(failure);
  }
  if (client === undefined) return showStart(config);
  await open(client);
}

/** A code whose exchange got no response may still be valid. After any other error, the app needs a new launch. */
function notOpened(failure) {
  if (failure.again) return showStart(config, { failure, again: arrive });
  if (session(config).get('code') !== undefined) session(config).set({ code: undefined });
  const isServers = failure.code !== undefined && failure.code !== 'access_denied';
  showStart(config, { failure: isServers ? new Failure(messages.notOpened(failure.message), failure) : failure });
}

/** The patient and the visit of the launch. */
const contextOf = ({ state }) => state.tokenResponse;

async function open(client) {
  const { smart_style_url: style, patient } = client.state.tokenResponse;
  if (patient === undefined) {
    forget(config);
    return showStart(config, { failure: new Failure(messages.noPatient) });
  }
  if (style !== undefined) void applyStyle(style);
  showWaiting(messages.opening);
  const reader = createReader(client, config.r4Base);
  let shown;
  try {
    const [person, user] = await Promise.all([reader.get('patient'), reader.get('user')]);
    shown = { person, user };
  } catch (failure) {
    if (!ended(client, failure)) showStart(config, { failure, again: () => open(client), context: contextOf(client) });
    return;
  }
  showChart(shown, client, { close: () => close(client) });
  await Promise.all(SECTIONS.map((section) => draw(client, reader, section)));
}

/** Draws a section as soon as everything that it needs was read. */
async function draw(client, reader, section) {
  showSection(section);
  try {
    const parts = await Promise.all(section.needs.map(async (name) => [name, await reader.get(name)]));
    showSection(section, { parts: Object.fromEntries(parts) });
  } catch (failure) {
    if (!ended(client, failure)) showSection(section, { failure, again: () => draw(client, reader, section) });
  }
}

/** Returns whether the failure ended the access. The app then shows nothing of the chart any more. */
function ended(client, failure) {
  if (!hasEndedAccess(failure)) return false;
  forget(config);
  showStart(config, { failure: new Failure(messages.ended, failure), context: contextOf(client) });
  return true;
}

async function close(client) {
  try {
    await disconnect(config, client);
    showStart(config, { closed: true, context: contextOf(client) });
  } catch (failure) {
    showStart(config, {
      failure: new Failure(messages.notRevoked(failure.message), failure),
      context: contextOf(client),
    });
  }
}

await arrive();
