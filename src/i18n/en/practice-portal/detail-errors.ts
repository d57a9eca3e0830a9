/**
 * Errors in the details and the logo of a practice. The command line and the developer API show them too, in English.
 * They have no period at the end, because forms list them.
 */
export const detailErrors = {
  nameMissing: 'Enter the name of the practice',
  name: 'Enter a name of at most 100 characters, without invisible characters',
  phone: 'Enter a phone number, such as 555-010-2030 or +1 555 010 2030 ext. 4',
  email: 'Enter a valid email address, such as frontdesk@example.org',
  website: 'Enter a website address, such as https://www.example.org',
  websiteScheme: 'The website address must start with https://',
  websiteCredentials: 'The website address can’t contain a username or password',
  websiteLength: 'The website address can have at most 200 characters',
  address: 'The address can have at most 6 lines and 300 characters',
  npi: 'Enter a valid 10-digit NPI. Look it up at npiregistry.cms.hhs.gov',
  color: 'Enter the color as # and 6 hexadecimal digits, such as #0b5f6b',
  timeZoneMissing: 'Choose a time zone',
  timeZone: 'Choose a time zone from the list',
  logo: {
    missing: 'Choose a file',
    tooLarge: (kilobytes: number) => `The file must be smaller than ${kilobytes} KB`,
    format: 'The file must be a PNG, JPEG or WebP image',
    svg: 'SVG images can contain scripts that run on patients’ devices. Save the image as PNG and choose that file',
    dimensions: (pixels: number) => `The image can be at most ${pixels} pixels wide and high. Choose a smaller image`,
    animated: 'The image is animated. Choose a non-animated image',
  },
};
