import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { terms } from './terms.ts';

const groundTexts = {
  ...terms.decisionGrounds,
  'security-risk': 'un riesgo de seguridad, que se describe abajo',
  other: 'véase abajo',
};

export const reviewEmails: Messages['reviewEmails'] = {
  verified: ({ app, page, until }) => ({
    subject: `${app}: comprobamos quiénes son ustedes`,
    text: `Comprobamos quién hace ${app}. Podrá funcionar con los consultorios reales a más tardar el ${until}.

Hasta entonces no tienen que hacer nada. En qué punto está:
${page}`,
  }),
  approved: ({ app, page }) => ({
    subject: `${app} está aprobada`,
    text: `${app} está aprobada. Desde ahora funciona con los consultorios reales, con el mismo identificador, secreto y claves que en el entorno de prueba.

Qué hacer ahora: conéctenla a un consultorio como lo haría un paciente y vean qué dice su registro:
${page}`,
  }),
  changeApproved: ({ app, page }) => ({
    subject: `El cambio de ${app} está aprobado`,
    text: `Lo que cambiaron en ${app} está aprobado y vale desde ahora.

Lo que vale ahora:
${page}`,
  }),
  rejected: ({ app, page, ground, text }) => ({
    subject: `${app} no está aprobada`,
    text: `${app} no está aprobada. Motivo: ${groundTexts[ground]}.

${text}

Ya no funciona, tampoco en el entorno de prueba. Qué hacer ahora: corrijan lo que se dice arriba y envíen una versión nueva. Con eso el plazo empieza de nuevo:
${page}`,
  }),
  changeRejected: ({ app, page, ground, text }) => ({
    subject: `El cambio de ${app} no está aprobado`,
    text: `Lo que quieren cambiar en ${app} no está aprobado. Motivo: ${groundTexts[ground]}.

${text}

La versión que se aprobó antes sigue funcionando igual. Qué hacer ahora: corrijan lo que se dice arriba y envíen una versión nueva:
${page}`,
  }),
  asked: ({ app, page, question, until }) => ({
    subject: `Una pregunta sobre ${app}`,
    text: `Tenemos una pregunta sobre ${app}:

${question}

Por favor, respondan en su página. El plazo sigue corriendo: queremos decidir a más tardar el ${until}.
${page}`,
  }),
  suspended: ({ app, page, ground, text }) => ({
    subject: `${app} está suspendida`,
    text: `${app} está suspendida desde ahora: no puede iniciar la sesión de nadie y se rechazan todos sus tokens. Motivo: ${groundTexts[ground]}.

${text}

Qué hacer ahora: corrijan lo que se dice arriba. Si eso cambia lo registrado, envíen una versión nueva en la página de la aplicación. Lo que permitieron los pacientes se conserva: cuando la aplicación se admita de nuevo, funcionará como antes.
${page}`,
  }),
  resumed: ({ app, page }) => ({
    subject: `${app} funciona de nuevo`,
    text: `${app} ya no está suspendida. Lo que permitieron los pacientes vale de nuevo y sus tokens que no han vencido son válidos.

${page}`,
  }),
  retired: ({ app, page, ground, text }) => ({
    subject: `${app} está retirada`,
    text: `${app} está retirada para siempre: no puede iniciar la sesión de nadie y se rechazan todos sus tokens. Motivo: ${groundTexts[ground]}.

${text}

Lo que pasó con ella sigue en su página. En cualquier momento se puede registrar otra aplicación:
${page}`,
  }),
  dueSoon: ({ app, page, until, step }) => ({
    subject: `Revisión: ${app} vence el ${until}`,
    text: `${step === 'verify' ? `Hay que comprobar que quien hace ${app} es quien dice ser` : `${app} tiene que funcionar`} a más tardar el ${until}: quedan dos días hábiles o menos (45 CFR 170.404(b)(1)).

${page}`,
  }),
  dueSoonWithoutOrganisation: ({ app, page, count, others }) => ({
    subject: plural(count, {
      one: `Revisión: ${app} está por vencer`,
      many: `Revisión: están por vencer ${counts.apps(count)} sin organización`,
      other: `Revisión: están por vencer ${counts.apps(count)} sin organización`,
    }),
    text: `${plural(count, {
      one: 'Esta aplicación, que no es de ninguna organización, espera',
      many: `${counts.apps(count)} que no son de ninguna organización esperan`,
      other: `${counts.apps(count)} que no son de ninguna organización esperan`,
    })} una decisión: quedan dos días hábiles o menos (45 CFR 170.404(b)(1)).

${app}${others === 0 ? '' : ` y ${formatNumber(others)} más`}

${page}`,
  }),
};
