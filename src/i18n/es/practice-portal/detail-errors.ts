import type { Messages } from '../../en/index.ts';

export const detailErrors: Messages['practicePortal']['detailErrors'] = {
  nameMissing: 'Escriba el nombre del consultorio',
  name: 'Escriba un nombre de 100 caracteres como máximo, sin caracteres invisibles',
  phone: 'Escriba un número de teléfono, por ejemplo 555-010-2030 o +1 555 010 2030 ext. 4',
  email: 'Escriba una dirección de correo válida, por ejemplo recepcion@example.org',
  website: 'Escriba la dirección de un sitio web, por ejemplo https://www.example.org',
  websiteScheme: 'La dirección del sitio web debe empezar con https://',
  websiteCredentials: 'La dirección del sitio web no puede contener un nombre de usuario ni una contraseña',
  websiteLength: 'La dirección del sitio web puede tener 200 caracteres como máximo',
  address: 'La dirección puede tener 6 líneas y 300 caracteres como máximo',
  npi: 'Escriba un NPI válido de 10 dígitos. Búsquelo en npiregistry.cms.hhs.gov',
  color: 'Escriba el color como # y 6 dígitos hexadecimales, por ejemplo #0b5f6b',
  timeZoneMissing: 'Elija una zona horaria',
  timeZone: 'Elija una zona horaria de la lista',
  logo: {
    missing: 'Elija un archivo',
    tooLarge: (kilobytes) => `El archivo debe tener menos de ${kilobytes} KB`,
    format: 'El archivo debe ser una imagen PNG, JPEG o WebP',
    svg: 'Las imágenes SVG pueden contener scripts que se ejecutan en los dispositivos de los pacientes. Guarde la imagen como PNG y elija ese archivo',
    dimensions: (pixels) =>
      `La imagen puede tener ${pixels} píxeles de ancho y de alto como máximo. Elija una imagen más pequeña`,
    animated: 'La imagen es animada. Elija una imagen sin animación',
  },
};
