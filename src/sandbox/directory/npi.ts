/**
 * A National Provider Identifier with its check digit: Luhn over 80840 (the issuer prefix) and the number. The
 * sandbox's numbers begin with 2, a range that the format allows and that is unassigned.
 */
export function npi(serial: number): string {
  const body = `2${String(serial).padStart(8, '0')}`;
  return `${body}${checkDigit(`80840${body}`)}`;
}

function checkDigit(digits: string): number {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const doubled = index % 2 === 0 ? Number(digit) * 2 : Number(digit);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return (10 - (sum % 10)) % 10;
}
