// Step 1, the launch: the launcher opened this page with `iss`, the FHIR server, and `launch`, a token that stands for
// the patient and the visit. Both go to the authorization server. SMART App Launch 2.2, EHR launch
import { connect, takeParameters } from '../shared/connection.js';
import { Failure } from '../shared/failure.js';
import { showWaiting } from '../shared/view-failure.js';
import { messages } from './messages.js';
import { config } from './page.js';
import { showStart } from './view-start.js';

const parameters = takeParameters();
const [iss, launch] = [parameters.get('iss'), parameters.get('launch')];

async function open() {
  showWaiting(messages.opening);
  try {
    await connect(config, { iss: config.r4Base, launch });
  } catch (failure) {
    showStart(config, { failure, again: failure.again ? open : undefined });
  }
}

if (iss === null || launch === null) showStart(config);
// An app trusts only the servers that it knows. Any page can link here with another `iss`.
else if (iss.replace(/\/$/, '') !== config.r4Base) showStart(config, { failure: new Failure(messages.otherServer) });
else await open();
