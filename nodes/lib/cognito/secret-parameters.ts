import { authFlows } from './auth-flows';
import { challenges, firstFactors } from './challenges';
import { inputs } from './inputs';

/** The request parameters that hold a secret or a proof of one, by Cognito's names: PASSWORD, SMS_MFA_CODE, … */
export const secretParameters: readonly string[] = [
  'SECRET_HASH',
  ...new Set(
    [authFlows, challenges, firstFactors]
      .flatMap((table) => Object.values(table))
      .flatMap(({ fields }) => fields)
      .filter(({ input }) => inputs[input].secret)
      .map(({ parameter }) => parameter),
  ),
];
