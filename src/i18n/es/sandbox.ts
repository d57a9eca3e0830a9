import { html } from '../../kernel/index.ts';
import type { Messages } from '../en/index.ts';

/** Descriptions of the test patients for enrollment, by the key of their persona. */
const ABOUT: Readonly<Record<string, string>> = {
  grace: 'Tiene una carta en inglés. Rinitis alérgica y un chequeo.',
  hector: 'Tiene una carta en español. Presión arterial alta.',
  tessa: 'Tiene una carta en inglés. Migraña.',
  owen: 'La recepción puede invitarlo por correo electrónico o por carta. Dolor de rodilla.',
  dylan: 'Tiene 15 años. La recepción puede invitarlo a él, o a su madre como su representante.',
  edith: 'No quiso tener una cuenta. Osteoporosis.',
  victor: 'Tiene una cuenta que el consultorio bloqueó. Reflujo.',
};

export const sandbox: Messages['sandbox'] = {
  enrollment: {
    title: 'Pacientes de prueba para inscribir',
    lead: 'Estos pacientes no existen. Inscriba a uno como si usted fuera el paciente, o invítelo desde la recepción.',
    reset:
      'Cada paciente vuelve a su estado inicial en menos de una hora, para el siguiente visitante. Las cuentas creadas para ellos se cierran.',
    private:
      'No escriba nombres, correos electrónicos ni contraseñas reales. Otros visitantes ven que el paciente está inscrito.',
    asPatient: 'Como paciente',
    patientSteps: [
      html`Abra una de las cartas de abajo y escriba su código en <a href="/enroll">/enroll</a>.`,
      html`Escriba la fecha de nacimiento, el código postal y el código de seis dígitos. La recepción daría ese código en persona.`,
      html`Elija un nombre de usuario y una contraseña. Verá el expediente y podrá conectar la <a href="/demo">aplicación de demostración</a>.`,
    ],
    asFrontDesk: 'Como recepción',
    frontDeskSteps: [
      html`Inicie sesión en el <a href="/practice">portal del consultorio</a> como <code>deskapitest</code> con <code>Password1!</code>`,
      html`Invite a un paciente por correo electrónico o por carta y dé el código de seis dígitos. No se envía ningún correo. Lo lee en la página del paciente.`,
      html`Abra el enlace o use el código de la carta como paciente, de preferencia en una ventana privada.`,
    ],
    patients: 'Pacientes',
    about: (persona, text) => ABOUT[persona] ?? text,
    born: 'Fecha de nacimiento',
    zip: 'Código postal',
    letterCode: 'Código de la carta',
    sixDigits: 'Código de seis dígitos',
    letter: 'Ver la carta',
    start: 'Inscribirse',
    of: (name) => `de ${name}`,
    asName: (name) => `como ${name}`,
    openInPortal: 'Abrir en el portal del consultorio',
    inUse: (time) => `En uso hasta: ${time}`,
    inUseHint: 'Otro visitante usa este paciente. Hasta entonces, puede no estar como se describe aquí.',
  },
  letter: {
    title: 'Carta de un paciente de prueba',
    lead: 'Un consultorio envía una carta así. No incluye el código de seis dígitos, porque un mismo sobre no debe tener los dos códigos.',
    back: 'Todos los pacientes de prueba para inscribir',
    codes: (birthDate, zip, code) =>
      `Para este paciente de prueba: fecha de nacimiento ${birthDate}, código postal ${zip}, código de seis dígitos ${code}.`,
    notNow: (time) => `Otro visitante usa este paciente. La carta volverá a funcionar antes de: ${time}.`,
  },
  portal: {
    text: 'Los visitantes prueban la inscripción con este paciente de prueba. Cada cambio se deshace en menos de una hora.',
    resetBy: (time) => `Los cambios actuales se deshacen antes de: ${time}.`,
    list: 'Cartas y códigos de estos pacientes',
    emails: {
      title: 'Correos de este navegador',
      lead: 'Los correos a pacientes de prueba no se envían. Usted ve los que originó en este navegador. Para no cerrar esta sesión, abra sus enlaces en una ventana privada.',
      to: (recipient, at) => `Para ${recipient}, ${at}`,
      text: 'Texto del correo',
    },
  },
};
