import type { Messages } from '../en/index.ts';

export const appForm: Messages['appForm'] = {
  apis: { r4: 'FHIR R4, según US Core', dstu2: 'FHIR DSTU2, con los nombres de Argonaut' },
  scopes: {
    openid: { label: 'Quién inició sesión', hint: 'Un token de identidad que dice quién fue.' },
    profile: { label: 'Su nombre', hint: 'En la respuesta sobre quién inició sesión.' },
    fhirUser: {
      label: 'Su propia entrada',
      hint: 'Dónde está en el expediente la persona que inició sesión.',
    },
    'launch/patient': {
      label: 'Qué paciente',
      hint: 'Con el token llega el identificador del paciente de quien es el expediente.',
    },
    launch: { label: 'Se abre desde el expediente', hint: 'Se abre para el paciente que el personal está viendo.' },
    'launch/encounter': { label: 'Qué visita', hint: 'Con el token llega la visita que el personal está viendo.' },
    offline_access: {
      label: 'Acceso cuando la persona no está',
      hint: 'Tokens de renovación por 93 días, contados desde su último uso. Lo decide la persona.',
    },
    online_access: {
      label: 'Acceso mientras la persona tiene la sesión abierta',
      hint: 'Tokens de renovación hasta que la persona cierre la sesión, 12 horas como máximo.',
    },
  },
  lifetimes: { 30: '30 días', 90: '90 días', 180: '180 días', 365: 'Un año', never: 'Hasta que usted lo termine' },
  preview: { person: 'Alex Ejemplo', practice: 'Consultorio Familiar de Ejemplo' },
  expiringSecretEmail: ({ app, secret, day, page }) => ({
    subject: `Un secreto de ${app} termina el ${day}`,
    text: `El secreto «${secret}» de ${app} termina el ${day}. Desde entonces se rechazan las llamadas que lo usen.

Dos secretos valen a la vez, así que nada tiene que fallar: cree el segundo, póngalo en su aplicación y luego termine el primero.
${page}`,
  }),
};
