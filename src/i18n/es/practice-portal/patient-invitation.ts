import type { Messages } from '../../en/index.ts';
import { counts } from '../counts.ts';

export const patientInvitation: Messages['practicePortal']['patientInvitation'] = {
  rejections: {
    'chart-incomplete':
      'Al expediente le faltan datos para comprobar la identidad. Agréguelos en su sistema de expedientes (EHR) e inténtelo de nuevo.',
    'too-young':
      'El paciente tiene menos de 12 años. En su lugar, invite a la madre, al padre o a un tutor legal que esté en el expediente.',
    'already-enrolled':
      'Esta persona ya tiene una cuenta que abre este expediente. No hace falta enviar una invitación.',
    declined:
      'El paciente no desea una cuenta. Si eso cambió, primero permita de nuevo las invitaciones en la página del paciente.',
    'address-unusable':
      'Esta dirección no puede recibir correos electrónicos. Revise la dirección o imprima una carta.',
    'address-used':
      'Otra persona ya usa esta dirección de correo, y dos personas no pueden compartir la misma. Pida otra dirección o imprima una carta.',
    'address-of-guardian':
      'La madre, el padre o un tutor legal usa esta dirección de correo y podría abrir la cuenta. Pida al paciente su propia dirección o dele una carta.',
    'address-is-invitation':
      'La invitación se envió a la única dirección de correo del expediente. El código no se debe enviar también ahí. Delo en persona o por teléfono.',
    'no-contact':
      'El expediente no tiene una dirección de correo para el código. Dé el código en persona o por teléfono.',
    over: 'Esta invitación se usó, se canceló o venció. Vuelva a la página del paciente para ver su estado actual.',
  },
  missingNames: {
    name: 'el nombre',
    'birth-date': 'la fecha de nacimiento completa',
    'postal-code': 'el código postal (ZIP) del domicilio',
  },
  missing: (items) => `En el expediente falta: ${items}. Agréguelo en su sistema de expedientes (EHR).`,

  invite: {
    title: (name) => `Invitar a ${name}`,
    replaces: 'Una invitación nueva reemplaza la que está abierta, que dejará de servir.',
    requirements:
      'El paciente debe escribir su fecha de nacimiento, su código postal (ZIP) y un código de seis números que usted le da por separado.',
    minor:
      'El paciente tiene menos de 18 años. Use una dirección de correo que ni la madre, ni el padre ni un tutor legal puedan leer.',
    button: 'Invitar al paciente',
  },
  inviteRepresentative: {
    title: (name, patient) => `Invitar a ${name} a actuar en nombre de ${patient}`,
    onChart: 'En el expediente',
    confirm: 'Confirmación',
    maySee: (name, patient) => `${name} puede ver todo el expediente de ${patient}`,
    maySeeHint:
      'La ley lo permite, o el paciente está de acuerdo. Los pacientes de 12 a 17 años pueden recibir atención de la que no se informa a sus padres.',
    button: 'Invitar al representante',
    notConfirmed: 'Confirme que esta persona puede ver el expediente y marque la casilla',
  },
  delivery: {
    legend: 'Forma de entrega',
    email: (email) => `Correo electrónico a ${email}`,
    emailHint: 'Del expediente.',
    other: 'Correo electrónico a una dirección nueva',
    otherHint: 'La persona le da la dirección ahora. No está en el expediente.',
    letter: 'Imprimir una carta',
    letterHint: 'Con un código y un código QR, para entregarla o enviarla por correo postal.',
    otherAddress: 'Dirección nueva de correo electrónico',
    otherAddressHint: 'La dirección no se guarda en el expediente.',
    language: 'Idioma de la invitación',
    errors: {
      language: 'Elija un idioma',
      unselectedAddress:
        'Escribió una dirección nueva, pero no la eligió. Elija «Correo electrónico a una dirección nueva», o envíe de nuevo el formulario para mantener su elección',
      noAddress: 'Escriba la dirección de correo electrónico',
      invalidAddress: 'Escriba una dirección de correo electrónico válida, como ana@example.org',
      noMethod: 'Elija una forma de entrega',
    },
  },
  code: {
    title: (name) => `Dar un código a ${name}`,
    text: 'La invitación solo funciona con un código de seis números. Dé el código por separado de la invitación. El código es válido durante 7 días.',
    replaces: 'Ya se dio un código. Dejará de servir cuando usted dé uno nuevo.',
    legend: '¿Cómo da el código?',
    inPerson: 'En persona',
    inPersonHint: 'La persona está aquí. Primero revise una identificación con foto.',
    byPhone: 'Por teléfono',
    byPhoneHint: (target) =>
      `Llame a ${target}. Nunca dé el código en una llamada que usted reciba. En ese caso, cuelgue y devuelva la llamada.`,
    fromChart: (phones) => `${phones}, del expediente`,
    knownNumber: 'un número que usted ya tenga',
    or: ' o ',
    byEmail: (email) => `Por correo electrónico a ${email}`,
    byEmailHint: 'Del expediente. La invitación no se envió a esta dirección.',
    button: 'Crear código',
    noMethod: 'Elija cómo da el código',
    noPhone:
      'El expediente no tiene número de teléfono. Agréguelo en su sistema de expedientes (EHR) o dé el código en persona.',
  },
  codePage: {
    title: (name) => `Código para ${name}`,
    call: (target) => `Llame a ${target}.`,
    confirm: (name) => `Confirme que está hablando con ${name}.`,
    read: 'Lea el código en voz alta.',
    show: (name) => `Revise una identificación con foto. Después muestre el código a ${name} o escríbalo en un papel.`,
    once: 'El código se muestra una sola vez y es válido durante 7 días. No lo envíe por correo electrónico ni por mensaje de texto. Si vuelve a cargar esta página, se crea un código nuevo.',
  },
  resend: {
    letterTitle: (name) => `Imprimir otra vez la carta para ${name}`,
    letterText: 'La carta nueva tiene un código nuevo. La carta anterior ya no sirve. Destrúyala.',
    letterButton: 'Crear carta nueva',
    emailTitle: (name) => `Enviar otra vez la invitación a ${name}`,
    emailText: (email) => `La enviamos otra vez a ${email} con un enlace nuevo. El enlace anterior ya no sirve.`,
    emailButton: 'Enviar la invitación otra vez',
  },
  cancel: {
    title: (name) => `¿Cancelar la invitación de ${name}?`,
    letter: (day) => `La carta del ${day} y su código dejarán de servir.`,
    email: (email, day) => `El correo a ${email} del ${day} y su código dejarán de servir.`,
    again: (name) => `Puede invitar de nuevo a ${name} en cualquier momento.`,
    button: 'Cancelar la invitación',
  },
  letterPage: {
    title: 'Carta para imprimir',
    titleOfSeveral: (count) => `${counts.letters(count)} para imprimir`,
    lead: 'Imprima esta página ahora. El código se muestra una sola vez y no se guarda.',
    print: 'Imprimir la carta',
    printSeveral: 'Imprimir las cartas',
    printHint: 'Para imprimir, presione Ctrl+P o ⌘P.',
    leadOfSeveral: 'Imprima esta página ahora. Los códigos se muestran una sola vez y no se guardan.',
    needsCode:
      'La carta solo funciona con un código de seis números que se da por separado. No ponga los dos en el mismo sobre. Dé el código en persona o por teléfono: la carta pide a la persona que llame, y usted le devuelve la llamada al número del expediente. Si después imprime la carta otra vez, tendrá un código nuevo y esta carta ya no servirá.',
    giveCode: 'Dar el código',
  },
};
