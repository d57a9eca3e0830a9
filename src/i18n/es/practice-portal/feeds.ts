import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';

export const feeds: Messages['practicePortal']['feeds'] = {
  title: 'Datos recibidos',
  lead: (practice) =>
    `Otros sistemas, como un laboratorio, envían datos a ${practice}. Vea qué llegó, qué no se guardó y qué hacer en cada caso.`,
  sharedAccountNote:
    'Esta es una cuenta de prueba compartida. Usted ve solo el laboratorio ficticio que viene con el entorno de pruebas.',
  none: 'Todavía ningún sistema envía datos a este consultorio.',
  lastReceived: 'Última recepción',
  messages: 'Envíos en 14 días',
  stored: 'Entradas guardadas o que ya estaban al día',
  outdated: 'Entradas omitidas porque hay guardada una versión más nueva',
  rejected: 'Entradas no guardadas',
  rejectedTitle: 'Entradas no guardadas',
  rejectedLead:
    'Una entrada sale de esta lista cuando se guarda, y como máximo después de 30 días. El contenido no se muestra, porque puede pertenecer a otro paciente.',
  noneRejected: 'No hay entradas que deba revisar.',
  newest: (limit) => `Solo se muestran las ${counts.entries(limit)} más recientes.`,
  columns: { time: 'Recibida', sender: 'Remitente', data: 'Qué llegó', problem: 'Problema y qué hacer' },
  otherData: 'Otros datos',
  problems: {
    'waiting-for-patient': {
      title: 'A la espera del paciente',
      happened: 'El paciente de esta entrada todavía no está aquí.',
      next: 'Se guarda automáticamente cuando llega el paciente. Si tarda más de un día, revise que su sistema de expedientes (EHR) envíe a este paciente, o pregunte al remitente si el paciente es de ustedes.',
    },
    'waiting-for-data': {
      title: 'A la espera de otros datos',
      happened: 'Esta entrada pertenece a datos que todavía no están aquí.',
      next: 'Se guarda automáticamente cuando llegan esos datos. Si tarda más de un día, comuníquese con el remitente.',
    },
    'unknown-patient': {
      title: 'Paciente desconocido',
      happened: 'El paciente de esta entrada no está aquí.',
      next: 'Revise que su sistema de expedientes (EHR) envíe a este paciente. Después, pida al remitente que envíe la entrada otra vez.',
    },
    'unclear-patient': {
      title: 'Paciente no claro',
      happened: 'La entrada no indica exactamente un paciente.',
      next: 'Pida al remitente que indique el paciente y envíe la entrada otra vez.',
    },
    'wrong-patient': {
      title: 'Posible confusión de pacientes',
      happened: 'La entrada puede ser de otro paciente. No se cambió nada.',
      next: 'Pida al remitente que compruebe quién es el paciente y envíe la entrada otra vez.',
    },
    'other-source': {
      title: 'Datos de otro sistema',
      happened: 'El remitente intentó cambiar datos que envió otro sistema. No se cambió nada.',
      next: 'Si el cambio es correcto, hágalo en el sistema que envió los datos primero, como su sistema de expedientes (EHR).',
    },
    'not-merged': {
      title: 'Pacientes no combinados',
      happened: 'El remitente indica que dos pacientes son la misma persona. Sus expedientes no se combinaron.',
      next: 'Compare los dos expedientes. Si son de la misma persona, pida al administrador de este servidor que los combine.',
    },
    erased: {
      title: 'Expediente borrado',
      happened: 'El expediente de este paciente se borró.',
      next: 'Pida al remitente que deje de enviar datos de este paciente.',
    },
    invalid: {
      title: 'No se puede guardar',
      happened: 'La entrada no se puede guardar como se envió.',
      next: 'Dé los detalles técnicos al remitente. Pídale que corrija la entrada y la envíe otra vez.',
    },
  },
  technicalDetails: 'Detalles técnicos para el remitente',
  unknownSender: 'Una aplicación que ya no está registrada',
};
