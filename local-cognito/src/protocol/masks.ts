/** An e-mail address as Cognito shows it: `t***@e***`. */
export function maskedAddress(address: string): string {
  return address
    .split('@')
    .map((part) => `${part.slice(0, 1)}***`)
    .join('@');
}

/** A phone number as Cognito shows it, with its last four digits (amazon-cognito-identity-js#236). */
export function maskedNumber(number: string): string {
  return `+${'*'.repeat(Math.max(0, number.length - 5))}${number.slice(-4)}`;
}
