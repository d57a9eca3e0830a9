// The patient app: an ordinary SMART app, registered like any other, without private endpoints.
import {
  connect,
  disconnect,
  forget,
  hasEndedAccess,
  openClient,
  refresh,
  session,
  takeAuthorizationResponse,
} from '../shared/connection.js';
import { announce } from '../shared/dom.js';
import { Failure } from '../shared/failure.js';
import { isNotShared, readAll, readPatient } from '../shared/fhir.js';
import { time } from '../shared/format.js';
import { language } from '../shared/messages.js';
import { showWaiting } from '../shared/view-failure.js';
import { openDocument } from './documents.js';
import { messages } from './messages.js';
import { SECTIONS, typeIn, typesOf } from './sections.js';
import { showProgress, showRecord, showSection, showUntil } from './view-record.js';
import { showFailure, showStart } from './view-start.js';

const config = JSON.parse(document.getElementById('config').textContent);
const BASES = { r4: config.r4Base, dstu2: config.dstu2Base };

document.documentElement.lang = language;
for (const place of document.querySelectorAll('[data-text]')) place.textContent = messages.page[place.dataset.text];

/** The library's client while the app is connected. */
let client;

/** The reading on the screen. An older one that is still loading must not draw any more. */
let current;

const start = (options = {}) => {
  current = undefined;
  document.title = 'My Record (demo)';
  showStart(config, { connect: leave, ...options });
};

async function leave(pressed) {
  pressed.disabled = true;
  try {
    await connect(config);
  } catch (failure) {
    start({ failure });
  }
}

/**
 * Returns whether the failure ended the connection. OAuth doesn't tell an app whether a person ended it or its time is
 * over.
 */
function ended(failure) {
  if (!hasEndedAccess(failure)) return false;
  forget(config);
  start({ ended: true });
  return true;
}

async function read(api) {
  session(config).set({ api });
  showWaiting(messages.bar.opening);
  const base = BASES[api];
  const types = SECTIONS.flatMap(typesOf).map((type) => typeIn(api, type));
  const parts = Object.fromEntries(types.map((type) => [type, { state: 'waiting' }]));
  const reading = { api, base, parts, client };
  current = reading;
  try {
    reading.patient = await readPatient(client, base);
  } catch (failure) {
    if (current !== reading || ended(failure)) return;
    return showFailure(failure, {
      again: () => read(api),
      ...(api === 'dstu2' ? { back: () => read('r4') } : {}),
      disconnect: leaveRecord,
    });
  }
  if (current !== reading) return;
  showRecord(reading, { read, refresh: renew, disconnect: leaveRecord });
  // Two requests at a time: fast without burdening the server.
  const waiting = [...types];
  const worker = async () => {
    for (let type = waiting.shift(); type !== undefined; type = waiting.shift()) await readPart(reading, type);
  };
  await Promise.all([worker(), worker()]);
}

async function readPart(reading, type) {
  const part = { state: 'waiting' };
  reading.parts[type] = part;
  const section = SECTIONS.find((each) => typesOf(each).some((name) => typeIn(reading.api, name) === type));
  const draw = () => {
    if (current !== reading) return;
    showSection(reading, section, {
      open: (given, pressed) => open(reading, given, pressed),
      retry: (failed) => readPart(reading, failed),
    });
    showProgress(reading);
  };
  draw();
  try {
    const progress = (got, total) => {
      Object.assign(part, { got, total });
      if (current === reading) showProgress(reading);
    };
    part.resources = await readAll(client, reading.base, type, { progress });
    part.state = 'here';
  } catch (failure) {
    if (current !== reading || ended(failure)) return;
    Object.assign(part, { state: isNotShared(failure) ? 'not-shared' : 'failed', failure });
  }
  draw();
}

/** The button stays focusable while the document loads, and gets the focus back when the dialog closes. */
async function open(reading, given, pressed) {
  if (pressed.ariaDisabled === 'true') return;
  pressed.ariaDisabled = 'true';
  try {
    await openDocument(client, reading.base, given, () => pressed.focus());
  } catch (failure) {
    if (!ended(failure))
      announce(
        [failure.message, failure.requestId && `${messages.failure.requestId}${failure.requestId}`]
          .filter(Boolean)
          .join(' '),
      );
  } finally {
    pressed.ariaDisabled = null;
  }
}

async function renew() {
  try {
    await refresh(client);
    const until = client.state.expiresAt * 1000;
    showUntil(until);
    announce(messages.bar.refreshed(time(until)));
  } catch (failure) {
    if (!ended(failure)) announce(failure.message);
  }
}

async function leaveRecord() {
  try {
    await disconnect(config, client);
    start({ disconnected: true });
  } catch (failure) {
    start({ failure: new Failure(messages.connection.notRevoked(failure.message), failure) });
  }
}

/** Runs on every page load: a first visit, a return from the authorization server, or a reload in between. */
async function arrive() {
  // Storage belongs to one origin, and only the registered redirect URI receives the response.
  if (location.origin !== new URL(config.redirectUri).origin) return location.replace(config.redirectUri);
  try {
    takeAuthorizationResponse(config);
    if (session(config).get('code') !== undefined) showWaiting(messages.bar.connecting);
    client = await openClient(config);
  } catch (failure) {
    return interrupted(failure);
  }
  if (client === undefined) return start();
  await read(session(config).get('api') ?? 'r4');
}

/** A code whose exchange got no response may still be valid; a rejected one is used up. */
function interrupted(failure) {
  if (failure.again) return showFailure(failure, { again: arrive, disconnect: abandon });
  session(config).set({ code: undefined });
  const spent = failure.code === 'invalid_grant';
  start({ failure: spent ? new Failure(messages.connection.interrupted, failure) : failure });
}

function abandon() {
  forget(config);
  start();
}

await arrive();
