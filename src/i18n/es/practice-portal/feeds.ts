import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';

export const feeds: Messages['practicePortal']['feeds'] = {
  title: 'Datos recibidos',
  lead: (practice) => `Sistemas que envían datos a ${practice}, como un laboratorio, y lo que no se guardó.`,
  sharedAccountNote:
    'Esta es una cuenta de prueba compartida. Usted ve solo el laboratorio ficticio que viene con el entorno de pruebas.',
  none: 'Todavía ningún sistema envía datos a este consultorio.',
  lastReceived: 'Última recepción',
  messages: 'Paquetes (Bundle) en 14 días',
  stored: 'Entradas guardadas o que ya estaban al día',
  outdated: 'Entradas omitidas porque hay guardada una versión más nueva',
  rejected: 'Entradas rechazadas',
  rejectedTitle: 'Entradas rechazadas',
  rejectedLead:
    'El remitente puede corregirlas y enviarlas de nuevo. Cada una se elimina después de 30 días. El contenido no se muestra, porque puede pertenecer a otro paciente.',
  noneRejected: 'No hay entradas rechazadas guardadas.',
  newest: (limit) => `Solo se muestran las ${counts.entries(limit)} más recientes.`,
  columns: { time: 'Rechazada', sender: 'Remitente', resource: 'Entrada', reason: 'Motivo', next: 'Qué sigue' },
  newResource: (type) => `${type} nuevo`,
  retried: 'Se intenta de nuevo cuando lleguen los datos que faltan',
  toFix: 'Guardada para que el remitente o un operador la corrija',
  unknownSender: 'Una aplicación que ya no está registrada',
};
