import type { PasswordPolicy } from '../config';
import { refuse } from '../exceptions';

/** Cognito's defaults for a new pool (developer guide, "Password policy"). */
const defaults: Required<PasswordPolicy> = {
  minimumLength: 8,
  requireUppercase: true,
  requireLowercase: true,
  requireNumbers: true,
  requireSymbols: true,
  temporaryPasswordValidityDays: 7,
};

/** A policy with Cognito's defaults filled in. */
export function completePolicy(policy: PasswordPolicy = {}): Required<PasswordPolicy> {
  return { ...defaults, ...policy };
}

/** In the order in which Cognito complains. A space counts as a symbol only inside the password. */
const kinds = [
  { rule: 'requireLowercase', kind: 'lowercase', pattern: /[a-z]/ },
  { rule: 'requireUppercase', kind: 'uppercase', pattern: /[A-Z]/ },
  { rule: 'requireNumbers', kind: 'numeric', pattern: /[0-9]/ },
  { rule: 'requireSymbols', kind: 'symbol', pattern: /[\^$*.[\]{}()?"!@#%&/\\,><':;|_~`=+-]|\S \S/ },
] as const;

/** @throws InvalidPasswordException that names the first rule broken */
export function checkPasswordPolicy(policy: Required<PasswordPolicy>, password: string): void {
  if (password.length < policy.minimumLength) throw refuse('passwordTooShort');
  const broken = kinds.find(({ rule, pattern }) => policy[rule] && !pattern.test(password));
  if (broken) throw refuse('passwordLacks', { kind: broken.kind });
}
