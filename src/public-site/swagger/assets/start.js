import { repairAccessibility, WithoutLandmarks } from './accessibility.js';
import { putAside, takeBackIfWaiting } from './session.js';

const { SwaggerUIBundle, SwaggerUIStandalonePreset } = window;
const config = JSON.parse(document.getElementById('config').textContent);

/** The window is opened while the click still counts as a user gesture, and navigated once the session is parked. */
const OwnSession = () => ({
  statePlugins: {
    auth: {
      wrapActions: {
        authPopup: (_original, _system) => (url, answer) => {
          window.swaggerUIRedirectOauth2 = answer;
          const popup = window.open('about:blank', '_blank');
          putAside().finally(() => popup?.location.replace(url));
        },
      },
    },
  },
});

repairAccessibility(document.getElementById('swagger-ui'));
const ui = SwaggerUIBundle({
  urls: config.documents,
  // The selected document is in the address: ?urls.primaryName=DSTU2
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'none',
  filter: false,
  defaultModelsExpandDepth: -1,
  // No data goes to another host, and no token outlives the page.
  validatorUrl: null,
  persistAuthorization: false,
  oauth2RedirectUrl: config.redirectUrl,
  presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
  plugins: [OwnSession, WithoutLandmarks],
  layout: 'StandaloneLayout',
});
window.ui = ui;
if (config.client !== undefined) {
  ui.initOAuth({
    clientId: config.client.clientId,
    scopes: config.client.scopes,
    usePkceWithAuthorizationCodeGrant: true,
    additionalQueryStringParams: { prompt: 'login' },
  });
}
takeBackIfWaiting();
