import type { Messages } from '../en/index.ts';
import { counts } from './counts.ts';
import { formatNumber, plural } from './plural.ts';
import { reviewDeadline } from './review-deadline.ts';
import { terms } from './terms.ts';

const groundTexts = {
  ...terms.decisionGrounds,
  'security-risk': 'un riesgo de seguridad, que se describe abajo',
  other: 'véase abajo',
};

export const reviewEmails: Messages['reviewEmails'] = {
  verified: ({ app, page, until }) => ({
    subject: `${app}: verificamos su identidad`,
    text: `Verificamos quién desarrolla ${app}. Activaremos la aplicación para pacientes reales a más tardar el ${until}.

Hasta entonces no tienen que hacer nada. Vean el estado de la aplicación:
${page}`,
    button: { label: 'Ver el estado', url: page },
  }),
  approved: ({ app, page }) => ({
    subject: `${app} está aprobada`,
    text: `${app} está aprobada. Desde ahora funciona con los consultorios reales, con el mismo identificador, secreto y claves que en el entorno de prueba.

Próximo paso: conéctenla a un consultorio como lo haría un paciente y revisen su registro:
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  changeApproved: ({ app, page }) => ({
    subject: `Sus cambios en ${app} están aprobados`,
    text: `Sus cambios en ${app} están aprobados y se aplican desde ahora.

Vean la versión aprobada:
${page}`,
    button: { label: 'Ver la versión aprobada', url: page },
  }),
  rejected: ({ app, page, ground, text }) => ({
    subject: `${app} no está aprobada`,
    text: `${app} no está aprobada. Motivo: ${groundTexts[ground]}.

${text}

La aplicación ya no funciona, tampoco en el entorno de prueba. Qué hacer ahora: corrijan los puntos de arriba y envíen una versión nueva. El plazo de revisión empieza de nuevo:
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  changeRejected: ({ app, page, ground, text }) => ({
    subject: `Sus cambios en ${app} no están aprobados`,
    text: `Sus cambios en ${app} no están aprobados. Motivo: ${groundTexts[ground]}.

${text}

La versión aprobada sigue funcionando como antes. Qué hacer ahora: corrijan los puntos de arriba y envíen una versión nueva:
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  asked: ({ app, page, question, until, step }) => ({
    subject: `Una pregunta sobre ${app}`,
    text: `Tenemos una pregunta sobre ${app}:

${question}

Por favor, respondan en la página de la aplicación. El plazo no cambia (${reviewDeadline.steps[step]}, ${reviewDeadline.by(until)}).
${page}`,
    button: { label: 'Responder la pregunta', url: page },
  }),
  suspended: ({ app, page, ground, text }) => ({
    subject: `${app} está suspendida`,
    text: `${app} está suspendida desde ahora. Nadie puede iniciar sesión en ella y se rechazan todos sus tokens. Motivo: ${groundTexts[ground]}.

${text}

Qué hacer ahora: corrijan los puntos de arriba. Si la corrección cambia el registro de la aplicación, envíen una versión nueva en la página de la aplicación. El acceso que permitieron los pacientes se conserva. Cuando la aplicación se reactive, funcionará como antes.
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  resumed: ({ app, page }) => ({
    subject: `${app} funciona de nuevo`,
    text: `${app} ya no está suspendida. El acceso que permitieron los pacientes se aplica de nuevo, y sus tokens que no han vencido vuelven a funcionar.

${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  retired: ({ app, page, ground, text }) => ({
    subject: `${app} está retirada`,
    text: `${app} está retirada de forma permanente. Nadie puede iniciar sesión en ella y se rechazan todos sus tokens. Motivo: ${groundTexts[ground]}.

${text}

Su historial sigue en su página. Pueden registrar otra aplicación en cualquier momento:
${page}`,
    button: { label: 'Abrir la página de la aplicación', url: page },
  }),
  dueSoon: ({ app, page, until, step }) => ({
    subject: `Revisión: ${app} vence el ${until}`,
    text: `La revisión de ${app} vence ${reviewDeadline.by(until)} (${reviewDeadline.steps[step]}). Quedan dos días hábiles o menos (45 CFR 170.404(b)(1)).

${page}`,
    button: { label: 'Revisar la aplicación', url: page },
  }),
  dueSoonWithoutOrganisation: ({ app, page, count, others }) => ({
    subject: plural(count, {
      one: `Revisión: ${app} está por vencer`,
      many: `Revisión: están por vencer ${counts.apps(count)} sin organización`,
      other: `Revisión: están por vencer ${counts.apps(count)} sin organización`,
    }),
    text: `${plural(count, {
      one: 'Esta aplicación sin organización espera',
      many: `${counts.apps(count)} sin organización esperan`,
      other: `${counts.apps(count)} sin organización esperan`,
    })} una decisión. Quedan dos días hábiles o menos (45 CFR 170.404(b)(1)).

${app}${others === 0 ? '' : ` y ${formatNumber(others)} más`}

${page}`,
    button: { label: 'Revisar la aplicación', url: page },
  }),
};
