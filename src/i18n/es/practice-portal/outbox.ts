import type { Messages } from '../../en/index.ts';
import { terms } from '../terms.ts';

export const outbox: Messages['practicePortal']['outbox'] = {
  title: terms.outbox,
  home: 'Inicio',
  lead: 'Los correos de este servidor, del más reciente al más antiguo. Los correos a pacientes de prueba se quedan aquí y nunca se envían. Si no hay un servidor de correo configurado, todos se quedan aquí. De los correos que se envían, esta página muestra solo el estado de la entrega, porque su texto es privado. Queda registrado que usted vio esta página.',
  none: 'Todavía no hay correos.',
  olderNotShown: 'No se muestran los correos más antiguos.',
  to: (recipient) => `Para ${recipient}`,
  text: 'Texto',
  states: {
    notSent: 'no enviado',
    pending: 'pendiente',
    sent: (at) => `enviado el ${at}`,
    failed: (error) => `no se pudo enviar: ${error}`,
    unknownError: 'error desconocido',
    retrying: (error) => `se intentará de nuevo después de un error: ${error}`,
  },
};
